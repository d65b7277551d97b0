package io.billingsdk.server.revenue;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.reconcile.ReconciledShare;
import io.billingsdk.server.reconcile.ReconciledShare.ComparedFigures;
import io.billingsdk.server.revenue.BusinessFigure.Kind;
import io.billingsdk.server.revenue.Ratios.Ratio;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Notes the figures of the running month and of the last one, by UTC: for alerts, and the accuracy
 * of billing for reports, since it reads all events of a month.
 */
final class FiguresJob implements Job {
  private static final Duration EVERY = Duration.ofHours(6);

  private final Database database;
  private final InstantSource clock;

  FiguresJob(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "revenue-figures";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    Instant now = clock.instant();
    YearMonth running = YearMonth.from(now.atZone(ZoneOffset.UTC));
    List<YearMonth> months = List.of(running.minusMonths(1), running);
    months.forEach(each -> figures(each, now));
    // Last, since it reads all events: where that takes too long, the others are noted already.
    months.forEach(each -> accuracy(each, now));
  }

  private void figures(YearMonth month, Instant now) {
    RevenueReport report =
        new RevenueReports(database, clock)
            .of(new BooksMonth(month, ZoneOffset.UTC), /* ofTestClocks= */ false);
    database.useTransaction(
        handle ->
            report.figures().stream()
                .filter(each -> !each.figure().equals(Kind.BILLING_ACCURACY.text()))
                .forEach(each -> FigureRows.note(handle, report.month(), each, now)));
  }

  private void accuracy(YearMonth month, Instant now) {
    ComparedFigures found = new ReconciledShare(database).of(month);
    BusinessFigure figure =
        BusinessFigure.of(Kind.BILLING_ACCURACY, null, Ratio.of(found.agreed(), found.compared()));
    database.useTransaction(handle -> FigureRows.note(handle, month.toString(), figure, now));
  }
}
