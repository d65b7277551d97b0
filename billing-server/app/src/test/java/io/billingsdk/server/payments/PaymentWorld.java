package io.billingsdk.server.payments;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.payments.Payment.NewPayment;
import io.billingsdk.server.payments.Payment.PaymentMethod;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A seller with an account at a bank, customers with test clocks, and their books. */
public final class PaymentWorld implements AutoCloseable {
  public static final Actor TESTER = new Actor("tester");
  public static final Instant START = Instant.parse("2026-12-01T00:00:00Z");
  static final LocalDate DAY = LocalDate.of(2026, 12, 1);
  static final String IBAN = "DE89370400440532013000";

  final HttpTestbed http;
  public final Database database;

  /** Up when this returns. */
  public PaymentWorld(Path directory) {
    http = new HttpTestbed(directory);
    database = http.world().database();
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "seller",
                "Seller",
                "USD",
                "UTC",
                new Address(List.of("Way 1"), "Town", null, null, "US"),
                List.of()));
    var unused = statements().addAccount(IBAN, "seller", "USD");
  }

  void customer(String id, String zone) {
    customer(id, zone, "USD", START);
  }

  /** A customer whose test clock begins at a moment. */
  public void customer(String id, String zone, String currency, Instant begin) {
    new Customers(database, TESTER)
        .create(new NewCustomer(id, id, currency, zone, "en", "seller", null, List.of(), begin));
  }

  /** Pays what is open of an invoice, as a provider's answer or a person does it. */
  public void payAll(String number) {
    Receivable owed = owed(number);
    var unused =
        payments()
            .record(
                new NewPayment(
                    owed.customer(),
                    owed.open(),
                    PaymentMethod.MANUAL,
                    DAY,
                    null,
                    List.of(number)));
  }

  /** Records a payment; gives its id. */
  public String paid(String customer, String amount) {
    return pay(customer, amount).id();
  }

  public void refund(String payment, String amount) {
    var unused = payments().refund(payment, usd(amount), "r", false);
  }

  /** What is kept for a customer. */
  public BigDecimal kept(String customer) {
    return payments().balance(customer).kept().amount();
  }

  /** What is open of an invoice. */
  public BigDecimal openOf(String number) {
    return owed(number).open().amount();
  }

  /** Open invoices of a customer with the last day on which each is paid in time. */
  public Map<String, LocalDate> open(String customer) {
    Map<String, LocalDate> open = new TreeMap<>();
    database
        .read(handle -> ReceivableRows.open(handle, customer))
        .forEach(each -> open.put(each.number(), each.dueOn()));
    return open;
  }

  Payments payments() {
    return new Payments(database, TESTER);
  }

  Statements statements() {
    return new Statements(database, TESTER);
  }

  void invoice(String customer, String number, String taxable, String tax) {
    BookedInvoice.book(
        database, BookedInvoice.document(customer, number, taxable, tax, "0", null, DAY));
  }

  /** An invoice that prepaid credit has paid in part. */
  void invoicePrepaid(String customer, String number, String taxable, String prepaid) {
    BookedInvoice.book(
        database, BookedInvoice.document(customer, number, taxable, "0", prepaid, null, DAY));
  }

  void creditNote(String customer, String number, String taxable, String tax, String corrects) {
    BookedInvoice.book(
        database, BookedInvoice.document(customer, number, taxable, tax, "0", corrects, DAY));
  }

  Payment pay(String customer, String amount, String... numbers) {
    return payments()
        .record(
            new NewPayment(
                customer, usd(amount), PaymentMethod.MANUAL, DAY, null, List.of(numbers)));
  }

  Receivable owed(String number) {
    return database.read(handle -> ReceivableRows.find(handle, number)).orElseThrow();
  }

  /** Moves the clock of a customer, and does what its day asks for. */
  public void move(String customer, Instant to) {
    new CustomerClocks(database).moveTo(TESTER, customer, to);
    Dunning dunning = new Dunning(database, InstantSource.fixed(to));
    database.read(handle -> ReceivableRows.open(handle, customer)).forEach(dunning::look);
  }

  static Money usd(String amount) {
    return Money.of("USD", amount);
  }

  @Override
  public void close() {
    database.close();
    http.close();
  }
}
