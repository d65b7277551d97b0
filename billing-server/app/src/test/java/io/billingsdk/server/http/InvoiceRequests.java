package io.billingsdk.server.http;

import io.billingsdk.server.documents.FirstDocuments;
import io.billingsdk.server.invoices.FirstInvoice;
import org.jspecify.annotations.Nullable;

/** Requests of invoices that succeed, over the rows that they need. */
final class InvoiceRequests {
  private static final String RUN = "{\"customerId\":\"customer\"}";

  private final String number;
  private final String run;

  /** Bills the customer {@code customer}; the plans are there. */
  InvoiceRequests(HttpTestbed http) {
    http.send("POST", BilledCustomers.SUBSCRIPTIONS, BilledCustomers.start("customer", "pro"));
    this.number = FirstInvoice.issue(http.database(), "customer");
    FirstDocuments.make(http.database(), number);
    this.run = http.send("POST", "/api/v1/invoices/runs", RUN).json().path("runId").asText();
  }

  /** The path with an invoice and a run. */
  String path(String path) {
    return path.replace("{number}", number).replace("{runId}", run).replace("{kind}", "pdf");
  }

  /** Null for other operations and those without a body. */
  @Nullable String body(String operation) {
    return operation.equals("runInvoices") ? RUN : null;
  }
}
