package io.billingsdk.server.documents;

import io.billingsdk.documents.pdf.PaperFolder;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.FirstInvoice;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A server with the seller {@code acme} in Berlin, whose invoices are in dollars. */
final class DocumentWorld implements AutoCloseable {
  static final Actor TESTER = new Actor("tester");

  private final HttpTestbed http;
  private final Database database;
  private final Path folder;

  DocumentWorld(Path directory) {
    http = new HttpTestbed(directory);
    database = http.world().database();
    folder = directory.resolve("documents");
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "acme",
                "Acme GmbH",
                "USD",
                "Europe/Berlin",
                new Address(List.of("Weg 1"), "Berlin", "10115", null, "DE"),
                List.of()));
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.shipped(), new ImportOptions(true, null, false));
  }

  HttpTestbed http() {
    return http;
  }

  Database database() {
    return database;
  }

  /** The folder of a template, which is made. */
  Path template(String name) {
    try {
      return Files.createDirectories(folder.resolve("templates").resolve(name));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Path folder() {
    return folder;
  }

  void customer(String id, String name, String locale, @Nullable TaxPlace place) {
    customer(id, name, "USD", locale, place);
  }

  private void customer(
      String id, String name, String currency, String locale, @Nullable TaxPlace place) {
    NewCustomer wanted =
        new NewCustomer(id, name, currency, "UTC", locale, "acme", place, List.of(), null);
    new Customers(database, TESTER).create(wanted);
  }

  /** An invoice in another currency; the seller has no registration, so no rate is needed. */
  String invoiceIn(String currency, String id, TaxPlace place) {
    String plan =
        """
        plans:
          - plan: other
            name: Other
            currency: %s
            interval: month
            entitlements: {models: all}
            charges:
              - {id: base, name: Base, kind: flatInAdvance, price: {model: flat, amount: 1.234}}
        """
            .formatted(currency);
    var unused =
        new PlanImport(database, TESTER)
            .run(PlanFile.parse(plan), new ImportOptions(true, null, false));
    customer(id, "Example", currency, "en", place);
    var unusedToo = SubscriptionTime.start(database, id, "other");
    return FirstInvoice.issue(database, id);
  }

  /** The number of the first invoice of a customer with the plan Pro. */
  String bill(String customer) {
    var unused = SubscriptionTime.start(database, customer, "pro");
    return FirstInvoice.issue(database, customer);
  }

  String invoice(String id, String name, @Nullable TaxPlace place) {
    customer(id, name, "en", place);
    return bill(id);
  }

  /** As the outbox delivers it. */
  void issued(String number) {
    new DocumentNoter(database).receive(event("invoice.issued", Map.of("number", number)));
  }

  static DeliveredEvent event(String kind, Map<String, String> said) {
    DomainEvent event = DomainEvent.of(kind, "customer/c", said, "tester");
    return new DeliveredEvent(event, 1, Instant.parse("2027-01-15T12:00:00Z"), 1, 0);
  }

  void run() {
    new DocumentJob(database, new PaperFolder(folder)).run();
  }

  /** All that failed is due. */
  void pass() {
    database.useTransaction(
        handle -> {
          handle.execute(
              "UPDATE invoice_document_wanted SET next_try = now() WHERE next_try IS NOT NULL");
          handle.execute("UPDATE notice_document_wanted SET next_try = now()");
        });
  }

  /** What is at documents of an invoice, or below. */
  Reply get(String number, String rest) {
    return http.get("/api/v1/invoices/" + number + "/documents" + rest);
  }

  List<String> texts(String sql) {
    return database.read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  @Override
  public void close() {
    database.close();
    http.close();
  }
}
