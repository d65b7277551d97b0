package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Proof;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, tokens and secrets of providers are in no answer, no log, no row and no toString. */
@Tag("postgres")
class SecretCanaryPaymentsTest {
  private static final String TOKEN = "pm_declined_canary_token";

  private static final String PAYPAL_TOKEN = FakePayPal.DECLINED + "CANARY";

  @TempDir Path directory;

  @Test
  void secrets_afterChargesWithGoodAndBadEnds_areInNoOutput() throws Exception {
    List<String> outputs = new ArrayList<>();
    try (LogCapture log = LogCapture.start();
        ProviderWorld world = new ProviderWorld(directory)) {
      world.customer("c", TOKEN);
      world.invoice("c", "i-1", "10");
      world.fake.fault(Fault.ERROR_BEFORE);
      outputs.add(world.parts().charges().charge("i-1", 1).toString());
      world.parts().reconciler().run();
      outputs.add(world.parts().charges().charge("i-1", 2).toString());
      webhooks(world, outputs);
      for (String path :
          List.of(
              "/charges",
              "/refunds",
              "/payment-providers",
              "/customers/c/payment-methods",
              "/parked-events",
              "/audit")) {
        outputs.add(world.http.get("/api/v1" + path).body());
      }
      payPal(world, outputs);
      outputs.addAll(rows(world));
      outputs.addAll(texts());
      outputs.add(log.text());
    }
    List<String> secrets =
        List.of(
            TOKEN,
            ProviderWorld.KEY,
            ProviderWorld.SECRET,
            PayPalWorld.CLIENT,
            PayPalWorld.SECRET,
            PAYPAL_TOKEN,
            "A21_of_the_fake");
    List<String> found =
        secrets.stream()
            .filter(secret -> outputs.stream().anyMatch(each -> each.contains(secret)))
            .toList();
    Proof.of("secret-canary-payments")
        .with("secrets", secrets.size())
        .with("outputs", outputs.size())
        .with("found", found.size())
        .print();
    assertThat(found).isEmpty();
    assertThat(outputs).hasSizeGreaterThan(20);
  }

  private static void payPal(ProviderWorld of, List<String> outputs) {
    try (PayPalWorld world = new PayPalWorld(of)) {
      world.customer("p", PAYPAL_TOKEN);
      of.invoice("p", "i-2", "10");
      world.fake.denied(true);
      outputs.add(world.parts().charges().charge("i-2", 1).toString());
      world.fake.denied(false);
      of.pass(Duration.ofMinutes(10));
      world.parts().reconciler().run();
      outputs.add(of.charge("i-2", 1).toString());
      outputs.add(world.paypal().toString());
    }
  }

  private static void webhooks(ProviderWorld world, List<String> outputs) {
    String body = "{\"id\":\"evt_1\",\"type\":\"new.kind\",\"data\":{\"object\":{}}}";
    String time = Long.toString(Instant.now().getEpochSecond());
    String right = StripeSignature.expected(ProviderWorld.SECRET, time, body.getBytes(UTF_8));
    for (String signature : List.of("t=" + time + ",v1=" + right, "t=" + time + ",v1=00", "")) {
      outputs.add(
          world
              .http
              .send(
                  "POST",
                  "/api/v1/provider-events/stripe",
                  null,
                  body,
                  "Stripe-Signature",
                  signature)
              .body());
    }
  }

  private static List<String> rows(ProviderWorld world) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (String table :
        List.of("charge", "saved_method", "outbox_event", "audit_log", "provider_event")) {
      rows.addAll(
          world.database.read(
              handle ->
                  handle
                      .createQuery("SELECT t::text AS row FROM " + table + " t")
                      .mapTo(String.class)
                      .list()));
    }
    return rows;
  }

  private static List<String> texts() {
    URI url = URI.create("https://api.example.com");
    StripeAccount stripe = new StripeAccount(url, ProviderWorld.KEY, List.of(ProviderWorld.SECRET));
    PayPalAccount paypal =
        new PayPalAccount(url, PayPalWorld.CLIENT, PayPalWorld.SECRET, PayPalWorld.WEBHOOK);
    return List.of(
        stripe.toString(),
        paypal.toString(),
        new ProviderSettings(/* sandbox= */ true, stripe, paypal, url).toString(),
        new PaymentProvider.SavedToken(TOKEN, "visa", "4242", null).toString(),
        new ProviderEvent.OfMethod("seti", "c", TOKEN).toString(),
        new PaymentProvider.ChargeRequest(
                "int", 1, "c", "cus", TOKEN, ProviderWorld.usd("1"), "Invoice")
            .toString());
  }
}
