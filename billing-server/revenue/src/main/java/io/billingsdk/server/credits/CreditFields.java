package io.billingsdk.server.credits;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.Credits.NewCredit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the fields of coupons and credits may be, each rule in one place. */
final class CreditFields {
  static final int TEXT_CHARS = 256;
  static final int MOST_PRIORITY = 1_000;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** Above it, a quantity of credit could not be reckoned with. */
  private static final BigDecimal MOST = new BigDecimal("1000000000000000");

  private CreditFields() {}

  static String id(String field, String id) {
    require(ID.matcher(id).matches(), field, "1 to 64 of A-Z a-z 0-9 _ . -");
    return id;
  }

  static String text(String field, String text) {
    require(
        !text.isBlank() && text.length() <= TEXT_CHARS && Bounds.isWellFormedText(text),
        field,
        "a text of 1 to " + TEXT_CHARS + " characters");
    return text;
  }

  /** An amount above 0 that the currency can show. */
  static Money amount(String field, String currency, BigDecimal amount) {
    require(
        amount.signum() > 0 && amount.compareTo(MOST) < 0,
        field,
        "an amount above 0 and below 10^15");
    try {
      return Money.of(currency, amount);
    } catch (RatingInputException refused) {
      String at = refused.field().equals("amount") ? field : refused.field();
      throw RequestRefusedException.invalid(at, refused.expectation());
    }
  }

  /** Refuses a currency that is not the customer's: the credit could never be used. */
  static void sameCurrency(String field, String given, String ofCustomer) {
    require(
        given.equals(ofCustomer), field, ofCustomer + ", the currency of the customer's invoices");
  }

  /** The bounds of a rest that begins again: of prepaid credit, and never above what was bought. */
  static void rollover(String field, NewCredit credit) {
    CreditRollover rollover = credit.rollover();
    if (rollover == null) {
      return;
    }
    require(
        credit.kind() == CreditKind.PREPAID, field, "left out, since only prepaid credit has one");
    Money most = rollover.most();
    require(
        most.signum() >= 0 && most.compareTo(credit.amount()) <= 0,
        field + ".most",
        "from 0 to the amount, " + credit.amount());
    require(
        rollover.least().signum() >= 0 && rollover.least().compareTo(most) <= 0,
        field + ".least",
        "from 0 to most, " + most);
  }

  /** An amount of at least 0 that the currency can show. */
  static Money bound(String field, String currency, BigDecimal amount) {
    return amount.signum() == 0 ? Money.zero(currency) : amount(field, currency, amount);
  }

  static BigDecimal percent(BigDecimal percent) {
    require(
        percent.signum() > 0
            && percent.compareTo(BigDecimal.valueOf(100)) <= 0
            && percent.stripTrailingZeros().scale() <= 18,
        "percent",
        "above 0 and at most 100, with at most 18 decimals");
    return percent;
  }

  static @Nullable Instant later(String field, @Nullable Instant end, Instant now) {
    require(end == null || end.isAfter(now), field, "a time after " + now);
    return end;
  }

  static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw RequestRefusedException.invalid(field, expected);
    }
  }
}
