package io.billingsdk.server.revenue;

import io.billingsdk.rating.Money;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the usage of subscriptions of a plan, of all days in one statement for each charge. */
final class ChargeHistory {
  private static final Actor READER = new Actor("revenue");
  private static final int MONTHS = 4;

  private final MeterReader reader;
  private final Meters meters;

  ChargeHistory(Database database) {
    this.reader = new MeterReader(database);
    this.meters = new Meters(database, READER);
  }

  /**
   * The charges of each subscription of a plan.
   *
   * @param apps of each, and when
   */
  List<List<ForetoldCharge>> of(PlanVersion plan, List<List<AppSpan>> apps, ForecastDays days) {
    List<List<ForetoldCharge>> all = new ArrayList<>();
    apps.forEach(each -> all.add(new ArrayList<>()));
    for (PlanCharge charge : plan.charges()) {
      if (charge.kind() != PlanCharge.Kind.METERED) {
        Money fee = charge.charge().rate(Usage.none()).amount();
        all.forEach(each -> each.add(new ForetoldCharge.Fee(fee)));
      } else {
        List<ForetoldCharge> read =
            addsUp(charge) ? summed(charge, apps, days) : asBefore(plan, charge, apps, days);
        for (int i = 0; i < read.size(); i++) {
          all.get(i).add(read.get(i));
        }
      }
    }
    return all;
  }

  private boolean addsUp(PlanCharge charge) {
    String slug = charge.meter();
    if (slug == null || charge.form() != UsageForm.TOTAL) {
      return false;
    }
    Meter meter = meters.require(slug);
    return meter.aggregation() == Aggregation.SUM || meter.aggregation() == Aggregation.COUNT;
  }

  private List<ForetoldCharge> summed(
      PlanCharge charge, List<List<AppSpan>> apps, ForecastDays days) {
    List<LocalDate> all = days.all();
    List<List<AppRange>> places = new ArrayList<>();
    for (List<AppSpan> each : apps) {
      for (LocalDate day : all) {
        places.add(ranges(each, days.start(day), days.start(day.plusDays(1))));
      }
    }
    List<Usage> usages = reader.usages(charge, Map.of(), places);
    List<ForetoldCharge> found = new ArrayList<>();
    for (int i = 0; i < apps.size(); i++) {
      List<Map<String, BigDecimal>> values =
          usages.subList(i * all.size(), (i + 1) * all.size()).stream()
              .map(DailyUsage::values)
              .toList();
      found.add(new ForetoldCharge.Summed(charge, new DailyUsage(days.begin(), values)));
    }
    return found;
  }

  private List<ForetoldCharge> asBefore(
      PlanVersion plan, PlanCharge charge, List<List<AppSpan>> apps, ForecastDays days) {
    List<ForetoldCharge> found = new ArrayList<>();
    Instant now = days.start(days.day());
    for (List<AppSpan> each : apps) {
      Map<YearMonth, List<AppRange>> places = new LinkedHashMap<>();
      for (int back = 0; back <= MONTHS; back++) {
        YearMonth month = YearMonth.from(days.day()).minusMonths(back);
        Instant end = days.start(month.plusMonths(1).atDay(1));
        places.put(month, ranges(each, days.start(month.atDay(1)), end.isAfter(now) ? now : end));
      }
      Map<YearMonth, Money> amounts = new TreeMap<>();
      List<Usage> usages = reader.usages(charge, Map.of(), List.copyOf(places.values()));
      int place = 0;
      for (YearMonth month : places.keySet()) {
        amounts.put(month, charge.charge().rate(usages.get(place)).amount());
        place++;
      }
      found.add(new ForetoldCharge.AsBefore(amounts, Money.zero(plan.currency())));
    }
    return found;
  }

  private static List<AppRange> ranges(List<AppSpan> apps, Instant from, Instant to) {
    List<AppRange> ranges = new ArrayList<>();
    for (AppSpan app : apps) {
      Instant begin = app.from().isAfter(from) ? app.from() : from;
      Instant end = app.to() != null && app.to().isBefore(to) ? app.to() : to;
      if (end.isAfter(begin)) {
        ranges.add(new AppRange(app.app(), begin, end));
      }
    }
    return ranges;
  }
}
