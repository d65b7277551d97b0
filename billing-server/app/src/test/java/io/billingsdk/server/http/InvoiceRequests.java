package io.billingsdk.server.http;

import io.billingsdk.server.documents.FirstDocuments;
import io.billingsdk.server.invoices.FirstInvoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Requests of invoices that succeed, over the rows that they need. */
final class InvoiceRequests {
  private static final String RUN = "{\"customerId\":\"customer\"}";

  private static final String NEW =
      """
      {"customerId":"billed%d","name":"C","currency":"USD","zone":"UTC","sellerId":"seller",
       "testClock":"2027-01-01T00:00:00Z"}
      """;

  private final HttpTestbed http;
  private String number;
  private final String run;
  private int customers;

  /** Bills the customer {@code customer}; the plans are there. */
  InvoiceRequests(HttpTestbed http) {
    this.http = http;
    http.send("POST", BilledCustomers.SUBSCRIPTIONS, BilledCustomers.start("customer", "pro"));
    this.number = FirstInvoice.issue(http.database(), "customer");
    FirstDocuments.make(http.database(), number);
    this.run = http.send("POST", "/api/v1/invoices/runs", RUN).json().path("runId").asText();
  }

  /** What changes an invoice for good has one of its own. */
  void prepare(String operation) {
    if (List.of("creditInvoice", "voidInvoice", "giveUpInvoice").contains(operation)) {
      String customer = "billed" + ++customers;
      http.send("POST", "/api/v1/customers", NEW.formatted(customers));
      http.send("POST", BilledCustomers.SUBSCRIPTIONS, BilledCustomers.start(customer, "pro"));
      number = FirstInvoice.issue(http.database(), customer);
      FirstDocuments.make(http.database(), number);
    }
  }

  /** The path with an invoice and a run. */
  String path(String path) {
    return path.replace("{number}", number).replace("{runId}", run).replace("{kind}", "pdf");
  }

  /** Null for other operations and those without a body. */
  @Nullable String body(String operation) {
    return switch (operation) {
      case "runInvoices" -> RUN;
      case "creditInvoice" -> "{\"lines\":[{\"line\":1,\"amount\":0.01}],\"reason\":\"r\"}";
      case "voidInvoice", "giveUpInvoice" -> "{\"reason\":\"r\"}";
      default -> null;
    };
  }
}
