package io.billingsdk.server.reconcile;

import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.ledger.LedgerBalance;
import io.billingsdk.server.ledger.LedgerBalance.CountedUsage;
import io.billingsdk.server.ledger.LedgerBalance.CutTime;
import io.billingsdk.server.ledger.LedgerBalance.EventChoice;
import io.billingsdk.server.ledger.LedgerBalance.StoredUsage;
import io.billingsdk.server.reconcile.AppTimeline.FatedTime;
import io.billingsdk.server.reconcile.Reconciliation.AppMonth;
import io.billingsdk.server.reconcile.Reconciliation.FateSum;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Divides the stored usage of each app and month by its fate. For one thread. */
final class UsageParts {
  private static final List<EventChoice> ALL = List.of(new EventChoice(null, List.of(), Map.of()));

  private final LedgerBalance ledger;
  private final BillingBooks books;
  private final PlanReads reads;
  private final Map<AppAndMonth, Map<UsageFate, Sum>> sums = new HashMap<>();
  private long agreed;

  UsageParts(LedgerBalance ledger, BillingBooks books, PlanReads reads) {
    this.ledger = ledger;
    this.books = books;
    this.reads = reads;
  }

  private record AppAndMonth(String app, Instant month) {}

  /** A part of an app's time that is counted. */
  private record Asked(String app, FatedTime time) {}

  private record Sum(long events, BigDecimal usage) {
    static final Sum NONE = new Sum(0, BigDecimal.ZERO);

    Sum plus(Sum other) {
      return new Sum(events + other.events, usage.add(other.usage));
    }

    Sum minus(Sum other) {
      return new Sum(events - other.events, usage.subtract(other.usage));
    }

    boolean isNothing() {
      return events == 0 && usage.signum() == 0;
    }
  }

  /** The parts of what is stored; names what is in none of them. */
  List<AppMonth> of(List<StoredUsage> stored, Instant from, Instant to, List<String> differences) {
    count(stored, from, to);
    return stored.stream().map(each -> month(each, differences)).toList();
  }

  /** How many of them have no difference. */
  long agreed() {
    return agreed;
  }

  private void count(List<StoredUsage> stored, Instant from, Instant to) {
    Map<List<EventChoice>, List<CutTime>> times = new LinkedHashMap<>();
    List<Asked> asked = new ArrayList<>();
    for (String app : stored.stream().map(StoredUsage::app).distinct().toList()) {
      if (app.isEmpty()) {
        continue;
      }
      for (FatedTime part : new AppTimeline(books.ownersOf(app), from, to).parts()) {
        @Nullable PlanVersion plan = part.plan();
        times
            .computeIfAbsent(plan == null ? ALL : reads.of(plan), none -> new ArrayList<>())
            .add(new CutTime(asked.size(), app, part.from(), part.to(), part.cut()));
        asked.add(new Asked(app, part));
      }
    }
    times.forEach(
        (choices, all) ->
            ledger.count(all, choices).forEach(each -> add(asked.get(each.place()), each)));
  }

  private void add(Asked asked, CountedUsage counted) {
    UsageFate fate = asked.time().fate();
    if (fate == UsageFate.RATED && !counted.isRead()) {
      fate = UsageFate.NOT_PRICED;
    } else if (fate == UsageFate.RATED && counted.isLate()) {
      fate = UsageFate.LATE;
    }
    sums.computeIfAbsent(
            new AppAndMonth(asked.app(), counted.month()), none -> new EnumMap<>(UsageFate.class))
        .merge(fate, new Sum(counted.events(), counted.usage()), Sum::plus);
  }

  private AppMonth month(StoredUsage stored, List<String> differences) {
    Sum all = new Sum(stored.events(), stored.usage());
    Map<UsageFate, Sum> parts =
        stored.app().isEmpty()
            ? Map.of(UsageFate.NO_APP, all)
            : sums.getOrDefault(new AppAndMonth(stored.app(), stored.month()), Map.of());
    Sum inParts = parts.values().stream().reduce(Sum.NONE, Sum::plus);
    String where =
        "app %s, month %s: "
            .formatted(stored.app(), YearMonth.from(stored.month().atZone(ZoneOffset.UTC)));
    Sum rest = all.minus(inParts);
    if (!rest.isNothing()) {
      differences.add(
          where
              + "%d events with usage %s are in no part"
                  .formatted(rest.events(), Figures.plain(rest.usage())));
    }
    Sum unexplained = parts.getOrDefault(UsageFate.UNEXPLAINED, Sum.NONE);
    if (!unexplained.isNothing()) {
      differences.add(
          where
              + "%d events with usage %s are in a subscription, and in no time that is billed"
                  .formatted(unexplained.events(), Figures.plain(unexplained.usage())));
    }
    if (rest.isNothing() && unexplained.isNothing()) {
      agreed++;
    }
    List<FateSum> shown = new ArrayList<>();
    parts.forEach(
        (fate, sum) ->
            shown.add(
                new FateSum(
                    fate.text(), fate.sentence(), sum.events(), Figures.shortest(sum.usage()))));
    return new AppMonth(
        stored.app(), stored.month(), stored.events(), Figures.shortest(stored.usage()), shown);
  }
}
