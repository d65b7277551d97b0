package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A fee in advance from a start that is no boundary on.
 *
 * @param anchor null for the first of the month
 * @param billUpTo the last fee begins before this day
 * @param lines the amounts in their order
 */
record LeadingCase(String price, @Nullable String anchor, String billUpTo, List<String> lines) {
  private static final Pattern AMOUNT = Pattern.compile("[0-9]+[.][0-9]{2}");

  static LeadingCase of(JsonNode one) {
    JsonNode given = one.path("given");
    JsonNode when = one.path("when");
    JsonNode then = one.path("then");
    LocalDate start = LocalDate.parse(when.path("start").asText());
    List<String> lines = new ArrayList<>();
    for (JsonNode each : then.path("lines")) {
      lines.add(each.isArray() ? each.get(2).asText() : each.asText());
    }
    if (lines.isEmpty()) {
      lines.add(then.path("line").asText());
    }
    if (given.path("cadence").asText().equals("annual") && lines.size() == 3) {
      // The last part of the case ends with a cancellation, which is a credit of a paid year here.
      lines.remove(2);
    }
    return new LeadingCase(price(given), anchor(given, when, start), end(when, start), lines);
  }

  private static String price(JsonNode given) {
    if (given.has("price")) {
      return given.path("price").asText();
    }
    Matcher amount = AMOUNT.matcher(given.path("plan").asText());
    if (!amount.find()) {
      throw new AssertionError("no price in " + given);
    }
    return amount.group();
  }

  private static @Nullable String anchor(JsonNode given, JsonNode when, LocalDate start) {
    if (when.has("period")) {
      return when.at("/period/0").asText();
    }
    if (!given.has("bill_day")) {
      return null;
    }
    LocalDate day = start.withDayOfMonth(given.path("bill_day").asInt());
    return given.has("bill_month")
        ? day.withMonth(given.path("bill_month").asInt()).toString()
        : day.toString();
  }

  private static String end(JsonNode when, LocalDate start) {
    for (String field : List.of("bill_up_to", "first_boundary")) {
      if (when.has(field)) {
        return when.path(field).asText();
      }
    }
    return when.has("end") ? start.plusYears(1).toString() : start.plusDays(1).toString();
  }
}
