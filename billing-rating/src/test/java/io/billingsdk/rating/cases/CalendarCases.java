package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.BillingPeriod;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Billing periods, bill days, zones and changes of the clock. */
final class CalendarCases {
  private CalendarCases() {}

  static void run(Case one) {
    JsonNode when = one.when;
    if (when.has("boundaries")) {
      boundaries(one);
    } else if (when.has("at")) {
      at(one);
    } else if (when.has("new_bill_day")) {
      newBillDay(one);
    } else if (when.has("zones")) {
      monthStarts(one);
    } else if (when.has("months")) {
      months(one);
    } else {
      events(one);
    }
  }

  private static BillingCalendar anchored(Case one) {
    String anchor = one.given.get("anchor").asText();
    BillingInterval interval =
        one.given.get("cadence").asText().equals("annual")
            ? BillingInterval.YEAR
            : BillingInterval.MONTH;
    if (anchor.indexOf('T') < 0) {
      return BillingCalendar.anchored(LocalDate.parse(anchor), interval, Flat.UTC);
    }
    LocalDateTime moment = LocalDateTime.ofInstant(Instant.parse(anchor), ZoneOffset.UTC);
    return BillingCalendar.anchored(moment.toLocalDate(), interval, Flat.UTC)
        .at(moment.toLocalTime());
  }

  private static void boundaries(Case one) {
    BillingCalendar calendar = anchored(one);
    BillingPeriod period = calendar.periodOf(LocalDate.parse(one.given.get("anchor").asText()));
    List<LocalDate> dates = new ArrayList<>();
    for (int i = 0; i < one.when.get("boundaries").asInt(); i++) {
      dates.add(period.from());
      period = calendar.periodAt(period.end());
    }
    one.sameList("dates", dates);
  }

  private static void at(Case one) {
    String at = one.when.get("at").asText();
    BillingCalendar calendar = anchored(one);
    if (at.indexOf('T') < 0) {
      BillingPeriod period = calendar.periodOf(LocalDate.parse(at));
      one.sameList("period", List.of(period.from(), period.to()));
      one.same("next_boundary", calendar.periodAt(period.end()).to());
    } else {
      BillingPeriod period = calendar.periodAt(Instant.parse(at));
      one.sameList("period", List.of(period.start(), period.end()));
      one.same("next_boundary", calendar.periodAt(period.end()).end());
    }
  }

  private static void newBillDay(Case one) {
    JsonNode expected = one.expected("periods");
    LocalDate running = Flat.date(one.when.get("changed_during").get(0));
    JsonNode contract = one.given.get("contract");
    BillingCalendar calendar =
        BillingCalendar.monthsFrom(one.given.get("bill_day").asInt(), Flat.UTC);
    BillingCalendar changed =
        calendar.withBillDay(
            running.atStartOfDay(Flat.UTC).toInstant(),
            one.when.get("new_bill_day").asInt(),
            one.policy().contains("running period stays")
                ? RunningPeriod.STAYS
                : RunningPeriod.IS_CUT);
    List<BillingPeriod> periods =
        changed.periods(Flat.date(contract.get(0)), Flat.date(contract.get(1)));
    one.same("number of periods", IntNode.valueOf(expected.size()), periods.size());
    for (int i = 0; i < Math.min(expected.size(), periods.size()); i++) {
      BillingPeriod period = periods.get(i);
      one.sameList("period " + i, expected.get(i), List.of(period.from(), period.to()));
    }
  }

  private static BillingPeriod month(String month, String zone) {
    return BillingCalendar.months(ZoneId.of(zone)).periodOf(YearMonth.parse(month).atDay(1));
  }

  private static void monthStarts(Case one) {
    JsonNode expected = one.expected("starts_at");
    for (JsonNode zone : one.when.get("zones")) {
      BillingPeriod period = month(one.when.get("month").asText(), zone.asText());
      one.same(zone.asText(), expected.get(zone.asText()), period.start());
    }
  }

  private static void months(Case one) {
    for (JsonNode month : one.when.get("months")) {
      BillingPeriod period = month(month.asText(), one.given.get("zone").asText());
      String name = YearMonth.parse(month.asText()).getMonth().name().toLowerCase(Locale.ROOT);
      one.sameList(name, List.of(period.start(), period.end()));
      one.same("hours_in_" + name, Duration.between(period.start(), period.end()).toHours());
      one.same("days_in_" + name, period.days());
    }
  }

  private static void events(Case one) {
    ZoneId zone = ZoneId.of(one.given.get("zone").asText());
    JsonNode expected = one.expected("units");
    for (String month : Texts.keys(expected)) {
      BillingPeriod period = month(month, zone.getId());
      int units = 0;
      for (JsonNode event : one.when.get("local_event_times")) {
        Instant moment = LocalDateTime.parse(event.asText()).atZone(zone).toInstant();
        units += period.contains(moment) ? 1 : 0;
      }
      one.same(month, expected.get(month), units);
    }
  }
}
