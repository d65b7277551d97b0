package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.rating.Usage;
import java.time.LocalDate;
import java.time.ZoneId;

/** Flat prices for parts of periods. */
final class Flat {
  static final ZoneId UTC = ZoneId.of("UTC");

  private Flat() {}

  /** The line of a flat price for a share of its period. */
  static Money line(String currency, JsonNode price, Fraction share) {
    Charge charge = Charge.of(currency, PriceModel.flat(Texts.decimal(price)));
    return charge.prorated(share).rate(Usage.none()).amount();
  }

  static LocalDate date(JsonNode date) {
    return LocalDate.parse(date.asText());
  }

  /** A period of two dates. */
  static BillingPeriod period(JsonNode dates) {
    return BillingPeriod.of(date(dates.get(0)), date(dates.get(1)), UTC);
  }

  /** A period of so many days. */
  static BillingPeriod period(int days) {
    LocalDate from = LocalDate.of(2026, 1, 1);
    return BillingPeriod.of(from, from.plusDays(days), UTC);
  }

  static Fraction before(BillingPeriod period, LocalDate day) {
    return ProrationRule.DAYS.shareOf(period, period.from(), day);
  }

  static Fraction from(BillingPeriod period, LocalDate day) {
    return ProrationRule.DAYS.shareOf(period, day, period.to());
  }
}
