package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Whether documents may be numbered. After a restore they may not: documents issued after the
 * backup are with customers, and their numbers would be given again. Thread-safe.
 */
public final class InvoiceNumbering {
  private static final Actor READER = new Actor("invoices");

  private final Database database;

  /** In a database. */
  public InvoiceNumbering(Database database) {
    this.database = database;
  }

  /** A series with the last number that is known of it. */
  record LastNumber(String series, long number) {}

  /** Whether the database was restored, and nobody has said the last numbers since. */
  public boolean isSuspended() {
    return database.read(
        handle -> !NumberingRows.ledger(handle).equals(LedgerFeature.id(database.within(handle))));
  }

  /** Refuses while it is suspended. */
  void require() {
    if (isSuspended()) {
      throw suspended();
    }
  }

  static RequestRefusedException suspended() {
    return RequestRefusedException.conflict(
        "lastNumber",
        "issuing is suspended, since the database was restored: run billing invoices resume"
            + " --last-number SERIES=N with the last number that you sent out of each series");
  }

  /** The series of the books, by name. */
  List<LastNumber> series() {
    return database.read(NumberingRows::series);
  }

  /**
   * Goes on with the numbers after those that were sent out.
   *
   * @param last of each series of the books; one that the backup does not know may be among them
   */
  void resume(Actor actor, List<LastNumber> last) {
    database.useTransaction(
        handle -> {
          NumberingRows.lock(handle);
          if (!new InvoiceNumbering(database.within(handle)).isSuspended()) {
            throw RequestRefusedException.conflict(
                "lastNumber", "issuing is not suspended; there is nothing to resume");
          }
          Map<String, Long> given = given(last);
          for (LastNumber known : NumberingRows.series(handle)) {
            requireAtLeast(known, given);
          }
          given.keySet().forEach(series -> requireSeller(handle, series));
          given.forEach((series, number) -> NumberingRows.raise(handle, series, number));
          NumberingRows.store(handle, LedgerFeature.id(database.within(handle)));
          AuditLog.write(
              handle, actor, "invoice.resume", "invoices", null, new LinkedHashMap<>(given));
        });
  }

  private static Map<String, Long> given(List<LastNumber> last) {
    Map<String, Long> given = new TreeMap<>();
    List<String> twice = new ArrayList<>();
    for (LastNumber each : last) {
      if (given.put(each.series(), each.number()) != null) {
        twice.add(each.series());
      }
    }
    if (!twice.isEmpty()) {
      throw RequestRefusedException.invalid(
          "lastNumber", "given once for each series, but " + twice + " is given twice");
    }
    return given;
  }

  private static void requireAtLeast(LastNumber known, Map<String, Long> given) {
    Long number = given.get(known.series());
    if (number == null || number < known.number()) {
      throw RequestRefusedException.invalid(
          "lastNumber",
          "given for the series "
              + known.series()
              + ", and at least "
              + known.number()
              + ", the last number in the database");
    }
  }

  /** A mistyped series would be begun, and the right one go on with numbers that exist. */
  private void requireSeller(Handle handle, String series) {
    String seller = series.split("\\+", 2)[0];
    if (new Sellers(database.within(handle), READER).find(seller).isEmpty()) {
      throw RequestRefusedException.notFound(
          "lastNumber", "there is no seller " + seller + " for the series " + series);
    }
  }
}
