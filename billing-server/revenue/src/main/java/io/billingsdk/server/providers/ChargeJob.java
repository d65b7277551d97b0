package io.billingsdk.server.providers;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.payments.ProviderBooks;
import io.billingsdk.server.payments.ProviderBooks.OwedInvoice;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Charges issued invoices of customers who have saved a method, each once. Later attempts are not
 * its matter. A fault of one invoice leaves the others alone.
 */
final class ChargeJob implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(ChargeJob.class);
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final int BATCH = 500;

  private final Database database;
  private final InvoiceCharges charges;

  ChargeJob(Database database, InvoiceCharges charges) {
    this.database = database;
    this.charges = charges;
  }

  @Override
  public String name() {
    return "payment-charge";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    String after = "";
    List<String> customers = customers(after);
    while (!customers.isEmpty() && !Thread.currentThread().isInterrupted()) {
      List<String> batch = customers;
      untried(database.read(handle -> ProviderBooks.open(handle, batch))).forEach(this::charge);
      after = customers.get(customers.size() - 1);
      customers = customers.size() < BATCH ? List.of() : customers(after);
    }
  }

  private List<String> customers(String after) {
    return database.read(handle -> MethodRows.customers(handle, after, BATCH));
  }

  private List<OwedInvoice> untried(List<OwedInvoice> open) {
    List<String> numbers = open.stream().map(OwedInvoice::number).toList();
    Set<String> tried = database.read(handle -> ChargeRows.tried(handle, numbers));
    return open.stream().filter(each -> !tried.contains(each.number())).toList();
  }

  private void charge(OwedInvoice owed) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    try {
      ChargeResult unused = charges.charge(owed.number(), 1);
    } catch (RuntimeException fault) {
      LOG.warn("the invoice {} was not charged yet: {}", owed.number(), fault.toString());
    }
  }
}
