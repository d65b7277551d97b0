package io.billingsdk.server.performance;

import io.billingsdk.costs.CostState;
import io.billingsdk.server.costs.CostRow;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a row of sums is about. Its texts are kept once, and its rows have a number.
 *
 * @param dimension {@code total}, {@code user} or {@code operation}
 * @param subject empty for none, and where the series is not by user
 * @param service empty where the series is not by operation, and so on
 * @param currency empty while the cost is unknown
 */
record Series(
    String dimension,
    String subject,
    String service,
    String operation,
    String model,
    boolean isPrompt,
    String currency,
    String state) {
  static final String TOTAL = "total";
  static final String USER = "user";
  static final String OPERATION = "operation";

  /** The series that a cost counts for. */
  static List<Series> of(CostRow cost) {
    CostState known = cost.cost().state();
    String currency = known == CostState.UNKNOWN ? "" : orEmpty(cost.cost().currency());
    String state = known.name().toLowerCase(Locale.ROOT);
    CostRow.CostWhat what = cost.what();
    return List.of(
        new Series(TOTAL, "", "", "", "", false, currency, state),
        new Series(USER, orEmpty(cost.owner().subject()), "", "", "", false, currency, state),
        new Series(
            OPERATION,
            "",
            what.service(),
            what.operation(),
            what.model(),
            what.isPrompt(),
            currency,
            state));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
