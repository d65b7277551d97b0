package io.billingsdk.server.invoices;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerFeature;

/** An invoice for tests of what shows it. */
public final class FirstInvoice {
  private static final Actor TESTER = new Actor("tester");

  private FirstInvoice() {}

  /** Bills what is due; gives the number of the latest invoice of a customer. */
  public static String issue(Database database, String customer) {
    return issue(database, customer, TaxCalculator.NONE);
  }

  /** The same with taxes. */
  public static String issue(Database database, String customer, TaxCalculator taxes) {
    // Another test may have left it as after a restore.
    database.useTransaction(
        handle -> NumberingRows.store(handle, LedgerFeature.id(database.within(handle))));
    new Spans(database).noteAll();
    try {
      var unused =
          new InvoiceRun(database, taxes, TESTER).run(null, /* eager= */ true, progress -> {});
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
    return new Invoices(database, TESTER, TaxCalculator.NONE)
        .page(customer, Long.MAX_VALUE, 1)
        .get(0)
        .number();
  }
}
