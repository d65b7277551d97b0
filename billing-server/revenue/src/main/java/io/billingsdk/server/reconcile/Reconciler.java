package io.billingsdk.server.reconcile;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerBalance;
import io.billingsdk.server.ledger.LedgerBalance.StreamNumbers;
import io.billingsdk.server.reconcile.Reconciliation.AppMonth;
import io.billingsdk.server.reconcile.Reconciliation.ReportedNumbers;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Compares what was reported with what is stored, rated and invoiced, and names each rest. All of
 * one moment. It changes nothing. Thread-safe.
 */
final class Reconciler {
  private static final Instant BEGIN = Instant.parse("1970-01-01T00:00:00Z");
  private static final Instant END = Instant.parse("9999-01-01T00:00:00Z");

  private final Database database;

  /** In a database. */
  Reconciler(Database database) {
    this.database = database;
  }

  /**
   * Compares.
   *
   * @param month as 2026-11, of UTC; null for all
   * @param app null for all
   */
  Reconciliation reconcile(@Nullable String month, @Nullable String app) {
    @Nullable YearMonth asked = month == null ? null : month(month);
    return database.inTransaction(
        handle -> {
          // One moment: a run that bills meanwhile would else look like a difference.
          handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
          handle.execute("SET LOCAL statement_timeout = '55s'");
          return reconcile(handle, asked, app);
        });
  }

  private Reconciliation reconcile(Handle handle, @Nullable YearMonth month, @Nullable String app) {
    Database here = database.within(handle);
    Instant from = month == null ? BEGIN : first(month);
    Instant to = month == null ? END : first(month.plusMonths(1));
    List<String> differences = new ArrayList<>();
    LedgerBalance ledger = new LedgerBalance(here);
    @Nullable ReportedNumbers numbers = app == null ? numbers(ledger.numbers(), differences) : null;
    rollups(ledger, from, to, app, differences);
    BillingBooks books = BillingBooks.read(here);
    UsageParts parts = new UsageParts(ledger, books, new PlanReads(here));
    List<AppMonth> usage = parts.of(ledger.stored(from, to, app), from, to, differences);
    AmountParts amounts = new AmountParts(here, differences);
    books.subscriptions(app, from, to).forEach(each -> amounts.add(each, from, to));
    if (app == null) {
      amounts.addSums();
    }
    return new Reconciliation(
        month == null ? null : month.toString(),
        app,
        differences.isEmpty(),
        usage.size() + amounts.compared(),
        parts.agreed() + amounts.agreed(),
        numbers,
        app == null ? ledger.refused() : List.of(),
        usage,
        amounts.sums(),
        differences);
  }

  private static ReportedNumbers numbers(List<StreamNumbers> streams, List<String> differences) {
    long[] sums = new long[10];
    for (StreamNumbers each : streams) {
      long[] parts = {
        each.highest(),
        each.events(),
        each.repeats(),
        each.missing(),
        each.dropped(),
        each.writtenOff(),
        each.refused(),
        each.leftOut(),
        Math.abs(each.unexplained()) + each.withoutIdentity(),
        each.pending()
      };
      for (int i = 0; i < parts.length; i++) {
        sums[i] += parts[i];
      }
      if (each.unexplained() != 0) {
        differences.add(
            "stream %s: %d numbers came, and the ledger knows %d"
                .formatted(each.stream(), each.highest(), each.highest() - each.unexplained()));
      }
      if (each.withoutIdentity() != 0) {
        differences.add(
            "stream %s: %d events in the ledger have no identity, so nobody took them in"
                .formatted(each.stream(), each.withoutIdentity()));
      }
      if (each.repeats() < 0) {
        differences.add(
            "stream %s: there are more events than identities".formatted(each.stream()));
      }
    }
    return new ReportedNumbers(
        sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7], sums[8], sums[9]);
  }

  private static void rollups(
      LedgerBalance ledger,
      Instant from,
      Instant to,
      @Nullable String app,
      List<String> differences) {
    ledger
        .rollupDifferences(from, to, app)
        .forEach(
            each ->
                differences.add(
                    "app %s, month %s, module %s, model %s: the events are %d with usage %s,"
                            .formatted(
                                each.app().isEmpty() ? "none" : each.app(),
                                YearMonth.from(each.month().atZone(ZoneOffset.UTC)),
                                each.module(),
                                each.model(),
                                each.events(),
                                Figures.plain(each.usage()))
                        + " the rollups have %d with usage %s"
                            .formatted(
                                each.rolledUpEvents(), Figures.plain(each.rolledUpUsage()))));
  }

  private static Instant first(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static YearMonth month(String text) {
    try {
      if (text.matches("[0-9]{4}-[0-9]{2}")) {
        return YearMonth.parse(text);
      }
    } catch (DateTimeException noMonth) {
      // Refused below.
    }
    throw RequestRefusedException.invalid("month", "a month as 2026-11");
  }
}
