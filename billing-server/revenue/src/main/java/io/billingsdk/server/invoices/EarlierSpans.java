package io.billingsdk.server.invoices;

import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.SpanRows.SettledSpan;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.ledger.NewerUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Finds the billed spans of a subscription whose usage may have changed since. Each bill settles
 * all earlier spans up to its own cut, so one question about what came after that cut is enough.
 */
final class EarlierSpans {
  private final NewerUsage newer;
  private final List<AppSpan> apps;
  private final long cut;

  /**
   * In a database.
   *
   * @param apps which apps are the customer's, and when
   * @param cut up to which usage counts
   */
  EarlierSpans(Database database, List<AppSpan> apps, long cut) {
    this.newer = new NewerUsage(database);
    this.apps = apps;
    this.cut = cut;
  }

  /**
   * Those before a span, the first one first.
   *
   * @param all spans of the subscription that are billed, in order
   */
  List<Span> changed(Span span, List<SettledSpan> all) {
    List<SettledSpan> settled =
        all.stream().filter(each -> each.span().number() < span.number()).toList();
    List<Span> billed =
        settled.stream()
            .map(SettledSpan::span)
            .filter(each -> each.from().isBefore(each.to()))
            .toList();
    if (billed.isEmpty()) {
      return billed;
    }
    SettledSpan last = settled.get(settled.size() - 1);
    if (!digest(apps, last.span().to()).equals(last.apps())) {
      // An app came or went after the bill, with effect before it: no row of usage shows that.
      return billed;
    }
    List<AppRange> ranges = new ArrayList<>();
    billed.forEach(each -> ranges.addAll(ranges(each)));
    Set<AppRange> changed = newer.changed(ranges, last.cut(), cut);
    return billed.stream().filter(each -> !Collections.disjoint(ranges(each), changed)).toList();
  }

  private List<AppRange> ranges(Span span) {
    return LedgerUsage.within(apps, span.from(), span.to());
  }

  /** A digest of the apps that were the customer's until a moment. */
  static String digest(List<AppSpan> apps, Instant until) {
    List<AppRange> known = LedgerUsage.within(apps, Instant.MIN, until);
    return CanonicalJson.sha256(
        String.join("\n", known.stream().map(AppRange::toString).sorted().toList()));
  }
}
