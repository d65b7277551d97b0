package io.billingsdk.server.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.server.providers.PaymentProvider.PageRequest;
import io.billingsdk.server.providers.PaymentProvider.PayPart;
import io.billingsdk.server.providers.PaymentProvider.RefundRequest;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests and answers against the documents of PayPal. */
@Tag("postgres")
class PayPalContractTest {
  @TempDir Path directory;

  @Test
  void requestsAndAnswers_ofEachCall_areThoseOfPayPalsDocuments() throws IOException {
    Optional<ContractJudge> documents = ContractJudge.of(ProviderName.PAYPAL);
    if (documents.isEmpty()) {
      Proof.skipped(
          "provider-contract",
          "PayPal's documents are not there; -Dpaypal.contracts says their folder");
      return;
    }
    ContractJudge judge = documents.get();
    List<ProviderSpec> specs = judge.specs();
    try (ProviderWorld of = new ProviderWorld(directory);
        PayPalWorld world = new PayPalWorld(of)) {
      calls(of, world);
      for (ObjectNode each : world.fake.exchanges()) {
        judge.judge(each);
        assertThat(each.path("authorization").asText())
            .matches("Bearer A21_of_the_fake|Basic [A-Za-z0-9+/=]+");
      }
      world.fake.events().forEach(each -> judge.add(specs.get(3).object("event", each)));
    }
    int found = planted(specs);
    Proof.of("provider-contract")
        .with("provider", "paypal")
        .with("requests", judge.requests())
        .with("answers", judge.answers())
        .with("invalid", judge.problems().size())
        .with("deviations", judge.deviations())
        .with("planted", PLANTED)
        .with("found", found)
        .print();
    assertThat(judge.problems()).isEmpty();
    assertThat(found).isEqualTo(PLANTED);
    assertThat(judge.requests()).isGreaterThan(10);
  }

  /** Each call of the adapter, with its good and bad ends. */
  private static void calls(ProviderWorld of, PayPalWorld world) {
    List<String> tokens =
        List.of(
            FakePayPal.OK,
            FakePayPal.BANK,
            FakePayPal.ACTION,
            FakePayPal.DECLINED + "INSTRUMENT_DECLINED");
    for (String token : tokens) {
      world.customer("c" + token, token);
      of.invoice("c" + token, "i-" + token, "100");
      ChargeResult unused = world.parts().charges().charge("i-" + token, 1);
    }
    PayPalProvider paypal = world.paypal();
    Charge paid = of.charge("i-" + FakePayPal.OK, 1);
    String capture = String.valueOf(paid.reference());
    var unused =
        world
            .parts()
            .refunds()
            .refund(
                String.valueOf(paid.paymentId()),
                ProviderWorld.usd("30"),
                "x",
                ProviderWorld.TESTER);
    assertThat(paypal.fetch(capture)).isInstanceOf(ProviderAnswer.Known.class);
    assertThat(paypal.fetch("NONE")).isInstanceOf(ProviderAnswer.Rejected.class);
    assertThat(paypal.refundsOf(capture)).hasSize(1);
    assertThat(paypal.fetchRefund(paypal.refundsOf(capture).get(0).reference()))
        .isInstanceOf(RefundAnswer.Known.class);
    assertThat(paypal.refund(new RefundRequest("r2", capture, ProviderWorld.usd("90"))))
        .isInstanceOf(RefundAnswer.Rejected.class);
    assertThat(paypal.since("c", Instant.now().minusSeconds(60))).hasSize(2);
    approvals(of, world, paypal);
    world.fake.fault(Fault.ERROR_BEFORE);
    assertThat(paypal.refund(new RefundRequest("r3", capture, ProviderWorld.usd("1"))))
        .isInstanceOf(RefundAnswer.Lost.class);
  }

  private static void approvals(ProviderWorld of, PayPalWorld world, PayPalProvider paypal) {
    String order = String.valueOf(of.charge("i-" + FakePayPal.ACTION, 1).reference());
    assertThat(paypal.capture(order, "k1")).isInstanceOf(ProviderAnswer.Rejected.class);
    world.fake.approve(order);
    assertThat(paypal.fetch(order)).isInstanceOf(ProviderAnswer.Approved.class);
    assertThat(paypal.capture(order, "k2")).isInstanceOf(ProviderAnswer.Known.class);
    assertThat(paypal.capture(order, "k3")).as("taken").isInstanceOf(ProviderAnswer.Known.class);
    PayPart pay = new PayPart("int_x", 1, ProviderWorld.usd("5"), "Prepaid credit");
    PageRequest paying = new PageRequest("p1", "c", "c", "USD", pay, ProviderWorld.BACK);
    assertThat(paypal.page(paying).url()).startsWith("https://");
    PageRequest saving = new PageRequest("p2", "c", "c", "USD", null, ProviderWorld.BACK);
    String page = paypal.page(saving).reference();
    assertThat(paypal.saved(page, "p2")).isEmpty();
    world.fake.approve(page);
    assertThat(paypal.saved(page, "p2")).isPresent();
    assertThat(paypal.describe("c", FakePayPal.OK).brand()).isEqualTo("paypal");
  }

  private static final int PLANTED = 4;

  /** Faults that the documents must find. */
  private static int planted(List<ProviderSpec> specs) {
    ObjectNode order = FakeProvider.JSON.createObjectNode().put("intent", "STEAL");
    order.putArray("purchase_units");
    ObjectNode money = FakeProvider.JSON.createObjectNode();
    money.putObject("amount").put("currency_code", "USD").put("value", "1,00");
    ObjectNode shown = FakeProvider.JSON.createObjectNode().put("status", "PAID");
    ObjectNode token = FakeProvider.JSON.createObjectNode();
    token
        .putObject("payment_source")
        .putObject("token")
        .put("id", "x")
        .put("type", ContractJudge.SETUP_TOKEN);
    int found = 0;
    found += specs.get(0).body("POST", "/v2/checkout/orders", order).isEmpty() ? 0 : 1;
    found += specs.get(1).body("POST", "/v2/payments/captures/C/refund", money).isEmpty() ? 0 : 1;
    found += specs.get(1).answer("GET", "/v2/payments/captures/C", 200, shown).isEmpty() ? 0 : 1;
    found += specs.get(2).body("POST", "/v3/vault/payment-tokens", token).isEmpty() ? 0 : 1;
    return found;
  }
}
