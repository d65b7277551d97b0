package io.billingsdk.server.catalog;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads at which amounts usage is invoiced before the end of a period. */
final class ProgressiveParser {
  private static final String THRESHOLDS = "thresholds";
  private static final String EVERY = "every";
  private static final int MOST = 20;

  private ProgressiveParser() {}

  /** Null when the plan does not say it. */
  static @Nullable ProgressiveTerms read(Fields plan, String currency) {
    Optional<Fields> given = plan.object("progressiveBilling");
    if (given.isEmpty()) {
      return null;
    }
    Fields fields = given.get();
    List<Money> thresholds = new ArrayList<>();
    Money before = Money.zero(currency);
    for (BigDecimal each : fields.decimals(THRESHOLDS, MOST)) {
      String field = THRESHOLDS + "[" + thresholds.size() + "]";
      before = above(fields, field, before, each);
      thresholds.add(before);
    }
    @Nullable BigDecimal every = fields.optionalMoney(EVERY, currency).orElse(null);
    fields.end();
    if (thresholds.isEmpty() && every == null) {
      throw fields.wrong(THRESHOLDS, "a list of 1 to " + MOST + " amounts, or every given");
    }
    return new ProgressiveTerms(
        thresholds, every == null ? null : above(fields, EVERY, Money.zero(currency), every));
  }

  private static Money above(Fields fields, String field, Money before, BigDecimal amount) {
    try {
      Money money = Money.of(before.currency(), amount);
      if (money.compareTo(before) > 0) {
        return money;
      }
    } catch (RatingInputException refused) {
      throw fields.wrong(field, refused.expectation());
    }
    throw fields.wrong(field, "above " + before + (before.signum() == 0 ? "" : ", the one before"));
  }
}
