package io.billingsdk.system;

import io.billingsdk.server.BillingServer;
import io.billingsdk.testbed.OneAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/**
 * Records payments over a connection that stays open, as a sender of webhooks has one: what a
 * command takes to start, and TLS to begin, is no part of a payment.
 */
final class Payer {
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final HttpClient client;
  private final URI payments;
  private final String token;

  private Payer(HttpClient client, URI payments, String token) {
    this.client = client;
    this.payments = payments;
    this.token = token;
  }

  /** Connects to the server of a data directory. */
  static Payer connected(Path data, String token) throws Exception {
    Path authority = BillingServer.brokerDirectory(data).resolve("ca.pem");
    int port = BillingServer.httpPortIn(data).orElseThrow();
    Payer payer =
        new Payer(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(OneAuthority.tls(authority))
                .build(),
            URI.create("https://localhost:" + port + "/api/v1/payments"),
            token);
    payer.send(payer.request().GET().build(), OK);
    return payer;
  }

  /** Records money that came today for an invoice, in US dollars. */
  void pay(String customer, String number, String amount) throws Exception {
    String body =
        """
        {"customerId": "%s", "currency": "USD", "amount": "%s", "receivedOn": "2026-12-01",
         "numbers": ["%s"]}
        """
            .formatted(customer, amount, number);
    send(
        request()
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        CREATED);
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(payments).header("Authorization", "Bearer " + token);
  }

  private void send(HttpRequest request, int expected) throws IOException, InterruptedException {
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != expected) {
      throw new AssertionError(request.method() + " was answered with " + answer.body());
    }
  }
}
