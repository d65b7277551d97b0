package io.billingsdk.server.http;

import io.billingsdk.server.documents.FirstDocuments;
import io.billingsdk.server.dunning.FirstDecline;
import io.billingsdk.server.payments.BookedInvoice;
import org.jspecify.annotations.Nullable;

/** Requests of payments that succeed, over the rows that they need. */
final class PaymentRequests {
  private static final String BASE = "/api/v1";
  private static final String IBAN = "DE89370400440532013000";

  private static final String PAYMENT =
      "{\"customerId\":\"customer\",\"currency\":\"USD\",\"amount\":\"5\",\"receivedOn\":\"2026-12-01\"}";

  private final HttpTestbed http;
  private final ProviderRequests providers;
  private int number;

  /** Adds an account of a seller. */
  PaymentRequests(HttpTestbed http) {
    this.http = http;
    this.providers = new ProviderRequests(http);
    http.send("POST", BASE + "/bank-accounts", account(IBAN));
  }

  private static String account(String iban) {
    return "{\"iban\":\"%s\",\"sellerId\":\"seller\",\"currency\":\"USD\"}".formatted(iban);
  }

  private String statement() {
    return "{\"iban\":\"%s\",\"format\":\"csv\",\"content\":\"%s\"}"
        .formatted(
            IBAN, "date,amount,currency,payer,text\\n2026-12-01,5,USD,Payer,nothing " + ++number);
  }

  /** An IBAN that no other one is, with right check digits. */
  private String newIban() {
    String account = "37040044%010d".formatted(++number);
    int rest = 0;
    for (char c : (account + "131400").toCharArray()) {
      rest = (rest * 10 + Character.digit(c, 10)) % 97;
    }
    return "DE%02d%s".formatted(98 - rest, account);
  }

  /** The path with something new for those that change it. */
  String path(String path) {
    String made = path;
    if (path.contains("{paymentId}")) {
      String payment = text(BASE + "/payments", PAYMENT, "paymentId");
      if (path.endsWith("/receipt")) {
        FirstDocuments.makeReceipt(http.database(), payment);
      }
      made = path.replace("{paymentId}", payment);
    } else if (path.contains("/receivables/{number}")) {
      String invoice = "owed-%06d".formatted(++number);
      BookedInvoice.invoice(http.database(), "customer", invoice, "7.50");
      made = path.replace("{number}", invoice);
    } else if (path.contains("/dunning/{number}")) {
      String invoice = "declined-%06d".formatted(++number);
      FirstDecline.of(http.database(), "customer", invoice);
      made = path.replace("{number}", invoice);
    } else if (path.contains("/dunning-")) {
      made = path.replace("{declineClass}", "funds").replace("{currency}", "USD");
    } else if (path.contains("{lineId}")) {
      http.send("POST", BASE + "/bank-statements", statement());
      BookedInvoice.matchLines(http.database());
      made = path.replace("{lineId}", lastLine());
    }
    return providers.path(made);
  }

  private String text(String path, String body, String field) {
    return http.send("POST", path, body).json().path(field).asText();
  }

  private String lastLine() {
    var items = http.get(BASE + "/bank-lines?state=unmatched&limit=1000").json().path("items");
    return items.path(items.size() - 1).path("lineId").asText();
  }

  /** Null for other operations and those without a body. */
  @Nullable String body(String operation) {
    return switch (operation) {
      case "recordPayment" -> PAYMENT;
      case "refundPayment" -> "{\"currency\":\"USD\",\"amount\":1,\"reason\":\"r\"}";
      case "setDunningRule" -> "{\"days\":[1,3],\"countedFrom\":\"first\",\"windowDays\":14}";
      case "setDunningThreshold" -> "{\"least\":\"5\"}";
      case "writeOffInvoice", "ignoreBankLine", "stopDunning", "retryDunning" ->
          "{\"reason\":\"r\"}";
      case "addBankAccount" -> account(newIban());
      case "importBankStatement" -> statement();
      case "assignBankLine" -> "{\"customerId\":\"customer\"}";
      default -> providers.body(operation);
    };
  }
}
