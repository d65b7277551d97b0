package io.billingsdk.server.invoices;

import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.ledger.MeteredUsage.Evidence;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads meters of the ledger, of pinned apps up to a pinned cut. */
final class LedgerUsage implements UsageSource {
  private final MeterReader reader;
  private final List<AppSpan> apps;
  private final long cut;

  LedgerUsage(MeterReader reader, List<AppSpan> apps, long cut) {
    this.reader = reader;
    this.apps = apps;
    this.cut = cut;
  }

  @Override
  public Usage usage(PlanCharge charge, Instant from, Instant to) {
    return reader.usage(charge, within(from, to), cut);
  }

  @Override
  public Evidence evidence(PlanCharge charge, Instant from, Instant to) {
    return reader.evidence(charge, within(from, to), cut);
  }

  private List<AppRange> within(Instant from, Instant to) {
    return within(apps, from, to);
  }

  /** The parts of the times of apps in a time. */
  static List<AppRange> within(List<AppSpan> apps, Instant from, Instant to) {
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
