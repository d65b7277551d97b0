package io.billingsdk.rating.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.billingsdk.rating.BillingCalendar;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.ProrationRule;
import java.time.Instant;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.ArrayList;
import java.util.List;

/** Parts of periods at flat prices; what is credited is in {@link CreditCases}. */
final class ProrationCases {
  private ProrationCases() {}

  static void run(Case one) {
    JsonNode when = one.when;
    if (when.has("bill_up_to")) {
      service(one, Flat.date(when.get("start")), Flat.date(when.get("bill_up_to")));
    } else if (when.has("start") && when.has("end")) {
      service(one, Flat.date(when.get("start")), Flat.date(when.get("end")));
    } else if (when.has("first_boundary")) {
      service(one, Flat.date(when.get("start")), Flat.date(when.get("first_boundary")));
    } else if (when.has("period") && when.has("start")) {
      started(one);
    } else if (when.has("parts")) {
      fixed30(one);
    } else if (when.has("month")) {
      twoPrices(one, Flat.period(when.get("month")), Flat.date(when.get("change")));
    } else if (when.has("days_of_period")) {
      BillingPeriod period = Flat.period(when.get("days_of_period").asInt());
      twoPrices(one, period, period.from().plusDays(when.get("old_days").asInt()));
    } else if (when.has("period_seconds")) {
      seconds(one);
    } else {
      CreditCases.run(one);
    }
  }

  private static JsonNode price(Case one) {
    return one.given.has("price")
        ? one.given.get("price")
        : TextNode.valueOf(CreditCases.amountIn(one.given.get("plan").asText()));
  }

  private static BillingCalendar calendar(Case one) {
    JsonNode given = one.given;
    if (given.path("cadence").asText().equals("annual")) {
      return BillingCalendar.yearsFrom(
          MonthDay.of(given.path("bill_month").asInt(1), given.path("bill_day").asInt(1)),
          Flat.UTC);
    }
    return BillingCalendar.monthsFrom(given.path("bill_day").asInt(1), Flat.UTC);
  }

  private static void service(Case one, LocalDate from, LocalDate to) {
    List<BillingPeriod> periods = calendar(one).periods(from, to);
    List<Money> lines = new ArrayList<>();
    List<Fraction> shares = new ArrayList<>();
    for (BillingPeriod period : periods) {
      shares.add(ProrationRule.DAYS.shareOf(period));
      lines.add(Flat.line(one.currency(), price(one), ProrationRule.DAYS.shareOf(period)));
    }
    if (one.expects("lines")) {
      lines(one, periods, lines);
    }
    if (one.expects("factors")) {
      List<JsonNode> factors = Texts.list(one.expected("factors"));
      for (int i = 0; i < factors.size(); i++) {
        Fraction factor = Texts.share(factors.get(i).asText());
        one.same(
            "share " + i,
            factors.get(i),
            factor.equals(shares.get(i)) ? factors.get(i).asText() : shares.get(i));
      }
    }
    if (one.expects("days")) {
      one.sameList("days", List.of(periods.get(0).days(), periods.get(0).fullDays()));
    }
    one.same("line", lines.get(0));
    one.same("total", lines.stream().reduce(Money.zero(one.currency()), Money::plus));
  }

  private static void lines(Case one, List<BillingPeriod> periods, List<Money> lines) {
    JsonNode expected = one.expected("lines");
    if (!expected.get(0).isArray()) {
      one.sameList("lines", lines);
      return;
    }
    for (int i = 0; i < expected.size(); i++) {
      BillingPeriod period = periods.get(i);
      one.sameList("line " + i, expected.get(i), List.of(period.from(), period.to(), lines.get(i)));
    }
  }

  private static void started(Case one) {
    BillingPeriod full = Flat.period(one.when.get("period"));
    LocalDate start = Flat.date(one.when.get("start"));
    one.sameList(
        "days", List.of(BillingPeriod.of(start, full.to(), Flat.UTC).days(), full.fullDays()));
    one.same("line", Flat.line(one.currency(), price(one), Flat.from(full, start)));
  }

  private static void fixed30(Case one) {
    // A month of 31 days: the rule makes 30 of them.
    BillingPeriod month = Flat.period(31);
    List<JsonNode> parts = Texts.list(one.when.get("parts"));
    String leading = parts.get(0).asText();
    LocalDate change =
        month.from().plusDays(Long.parseLong(leading.substring(0, leading.indexOf('/'))));
    Fraction first = ProrationRule.FIXED_30.shareOf(month, month.from(), change);
    Fraction rest = ProrationRule.FIXED_30.shareOf(month, change, month.to());
    one.same("leading part", parts.get(0), shown(first, 30));
    one.same("rest", parts.get(1), shown(rest, 30));
    List<Money> lines =
        List.of(
            Flat.line(one.currency(), price(one), first),
            Flat.line(one.currency(), price(one), rest));
    one.sameList("lines", lines);
    one.same("total", lines.get(0).plus(lines.get(1)));
  }

  private static String shown(Fraction share, int denominator) {
    return share.times(Fraction.of(denominator)) + "/" + denominator;
  }

  private static void twoPrices(Case one, BillingPeriod period, LocalDate change) {
    JsonNode when = one.when;
    one.same(
        "old_part", Flat.line(one.currency(), when.get("old_price"), Flat.before(period, change)));
    one.same(
        "new_part", Flat.line(one.currency(), when.get("new_price"), Flat.from(period, change)));
  }

  private static void seconds(Case one) {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    Instant end = start.plusSeconds(one.when.get("period_seconds").asLong());
    LocalDate day = LocalDate.of(2026, 1, 1);
    BillingPeriod period =
        new BillingPeriod(
            day, day.plusDays(1), start, end, day, day.plusDays(1), start, end, Flat.UTC);
    Instant service = start.plusSeconds(one.when.get("service_seconds").asLong());
    Fraction share = ProrationRule.INSTANT.shareOf(period, start, service);
    one.same("line", Flat.line(one.currency(), price(one), share));
  }
}
