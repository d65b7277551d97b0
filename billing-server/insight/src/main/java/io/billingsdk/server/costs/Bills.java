package io.billingsdk.server.costs;

import io.billingsdk.costs.BillComparison;
import io.billingsdk.costs.BillLine;
import io.billingsdk.costs.CostInputException;
import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.ProviderBill;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.costs.BillRows.Billed;
import io.billingsdk.server.db.Database;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A provider's bill beside the costs of the same days. Thread-safe. */
final class Bills {
  /** The most days of a bill, from its first to its last. */
  static final int MOST_DAYS = 366;

  /** The most rows of an answer. */
  static final int MOST_ROWS = 20_000;

  private final Database database;
  private final Catalogues catalogues;
  private final Actor actor;

  Bills(Database database, Catalogues catalogues, Actor actor) {
    this.database = database;
    this.catalogues = catalogues;
    this.actor = actor;
  }

  /**
   * The bill, and how to compare it.
   *
   * @param csv the bill
   * @param provider whose costs are compared; null for those of all
   * @param zone by which the provider counts days
   * @param tolerance the greatest difference of a row that is reconciled
   */
  record BillQuestion(String csv, @Nullable String provider, ZoneId zone, BigDecimal tolerance) {}

  /**
   * The answer.
   *
   * @param unknown costs of those days without a known amount
   */
  record Reconciled(
      LocalDate firstDay, LocalDate lastDay, BillComparison comparison, long unknown) {}

  Reconciled reconcile(BillQuestion question) {
    List<BillLine> bill = read(question.csv());
    LocalDate first = bill.stream().map(BillLine::day).min(LocalDate::compareTo).orElseThrow();
    LocalDate last = bill.stream().map(BillLine::day).max(LocalDate::compareTo).orElseThrow();
    if (last.toEpochDay() - first.toEpochDay() >= MOST_DAYS) {
      throw RequestRefusedException.invalid("bill", "of at most " + MOST_DAYS + " days");
    }
    Billed billed =
        new Billed(
            question.provider(),
            bill.stream().map(BillLine::model).collect(Collectors.toUnmodifiableSet()));
    return database.inTransaction(
        handle -> {
          BillRows ours = new BillRows(handle, catalogues);
          LocalDays zone = new LocalDays(question.zone());
          ours.read(zone, zone.list(first, last), billed);
          BillComparison found = BillComparison.of(ours.lines(), bill, question.tolerance());
          if (found.rows().size() > MOST_ROWS) {
            throw RequestRefusedException.invalid(
                "bill", "of fewer days or of one provider: it makes over " + MOST_ROWS + " rows");
          }
          AuditLog.write(
              handle,
              actor,
              "costs.reconcile",
              first + "/" + last,
              null,
              Map.of("rows", found.rows().size(), "reconciled", found.isReconciled()));
          return new Reconciled(first, last, found, ours.unknown());
        });
  }

  private static List<BillLine> read(String csv) {
    try {
      List<BillLine> bill = ProviderBill.read(new StringReader(csv));
      if (bill.isEmpty()) {
        throw RequestRefusedException.invalid("bill", "with a line after its header");
      }
      return bill;
    } catch (CostInputException refused) {
      throw RequestRefusedException.invalid(
          "bill", "CSV where " + String.valueOf(refused.getMessage()));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
