package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A change within a period that is paid in advance.
 *
 * @param newPrice null for a cancellation or a pause
 * @param begin the first day of the period
 * @param change the day of the change
 * @param resume the day on which a pause ends; null for none
 * @param adjusted credited by hand before; null for nothing
 */
record ChangeCase(
    String interval,
    String oldPrice,
    @Nullable String newPrice,
    String begin,
    String change,
    @Nullable String resume,
    @Nullable String adjusted,
    boolean isInstant) {
  /** The end of the period, exclusive. */
  String end() {
    LocalDate first = LocalDate.parse(begin);
    return (interval.equals("year") ? first.plusYears(1) : first.plusMonths(1)).toString();
  }

  /** The day of the change, or the one on which a pause ends. */
  String lastDay() {
    return resume == null ? change : resume;
  }

  static ChangeCase of(JsonNode one) {
    JsonNode given = one.path("given");
    JsonNode when = one.path("when");
    String price = given.path("price").asText();
    if (given.has("plans")) {
      return of("99.00", "0", "2026-02-01", when.path("change").asText());
    }
    if (when.has("factor")) {
      // Half of a month of 30 days.
      return new ChangeCase(
          "month",
          when.path("old_price").asText(),
          when.path("new_price").asText(),
          "2026-04-01",
          "2026-04-16",
          null,
          null,
          /* isInstant= */ true);
    }
    if (when.has("old_total")) {
      return of(
          when.path("old_total").asText(),
          when.path("new_total").asText(),
          when.at("/period/0").asText(),
          when.path("change").asText());
    }
    if (when.has("cancel")) {
      return of(price, null, when.at("/billed_period/0").asText(), when.path("cancel").asText());
    }
    if (when.has("paused")) {
      return new ChangeCase(
          "year",
          price,
          null,
          "2014-01-01",
          when.at("/paused/0").asText(),
          when.at("/paused/1").asText(),
          null,
          false);
    }
    if (when.has("unused_days")) {
      // March has 31 days.
      LocalDate end = LocalDate.of(2026, 4, 1).minusDays(when.path("unused_days").asLong());
      return of(price, "20", "2026-03-01", end.toString());
    }
    return new ChangeCase(
        "month",
        when.at("/billed/2").asText(),
        when.path("new_price").asText(),
        when.at("/billed/0").asText(),
        when.path("change").asText(),
        null,
        when.has("earlier_adjustment")
            ? when.path("earlier_adjustment").asText().substring(1)
            : null,
        false);
  }

  private static ChangeCase of(
      String oldPrice, @Nullable String newPrice, String begin, String change) {
    return new ChangeCase("month", oldPrice, newPrice, begin, change, null, null, false);
  }
}
