package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.providers.FakeProvider.Fault;
import io.billingsdk.server.providers.ProviderEvent.OfPayment;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of payments and webhooks, through the service; {@code -Dcases.file} has others. */
@Tag("postgres")
class ProviderCasesTest {
  private static final String FILE = "/provider-cases.jsonl";

  @TempDir Path directory;

  private final List<String> wrong = new ArrayList<>();

  @Test
  void cases_throughTheService_haveTheEndsOfTheirSources() throws IOException {
    int cases = 0;
    int values = 0;
    ObjectMapper json = new ObjectMapper();
    try (ProviderWorld world = new ProviderWorld(directory)) {
      for (String line : text().lines().toList()) {
        JsonNode one = json.readTree(line);
        int checked =
            switch (one.path("topic").asText()) {
              case "rounding.provider_minor_units" -> minorUnits(one);
              case "payments.refund_limit" -> refundLimit(world, one, cases);
              case "webhook.stripe_signature" -> signature(one);
              case "webhook.replay_and_order" -> replay(world, one, cases);
              default -> 0;
            };
        cases += checked > 0 ? 1 : 0;
        values += checked;
      }
    }
    Proof.of("payments-cases")
        .with("part", "providers")
        .with("cases", cases)
        .with("values", values)
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong).isEmpty();
    assertThat(cases).isPositive();
  }

  private static String text() throws IOException {
    String other = System.getProperty("cases.file");
    if (other != null) {
      return Files.readString(Path.of(other));
    }
    try (InputStream in =
        Objects.requireNonNull(ProviderCasesTest.class.getResourceAsStream(FILE))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private void check(JsonNode one, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      wrong.add(one.path("id").asText() + ": expected " + expected + ", but was " + actual);
    }
  }

  private int minorUnits(JsonNode one) {
    JsonNode inputs = one.path("when").path("inputs");
    ProviderName provider = ProviderName.of(one.path("given").path("provider").asText());
    for (int i = 0; i < inputs.size(); i++) {
      String currency = inputs.path(i).path(0).asText();
      BigDecimal amount = new BigDecimal(inputs.path(i).path(1).asText());
      Money charged = Money.of(currency, MinorUnits.chargeable(provider, currency, amount));
      check(
          one,
          one.path("then").path("amounts").path(i).bigIntegerValue(),
          MinorUnits.units(charged));
      boolean isExact = charged.amount().compareTo(amount) == 0;
      check(one, isExact, MinorUnits.problem(provider, Money.of(currency, amount)).isEmpty());
    }
    return inputs.size();
  }

  private int refundLimit(ProviderWorld world, JsonNode one, int place) {
    String customer = "case" + place;
    String number = "case-" + place;
    String paid = one.path("given").path("invoice").asText("100.00");
    world.customer(customer, "pm_ok");
    world.invoice(customer, number, paid);
    ChargeResult unused = world.parts().charges().charge(number, 1);
    String payment = String.valueOf(world.charge(number, 1).paymentId());
    JsonNode refunds = one.path("when").path("refunds");
    Money back = ProviderWorld.usd("0");
    for (int i = 0; i < refunds.size(); i++) {
      Money amount = ProviderWorld.usd(refunds.path(i).asText());
      String answer = "accepted";
      try {
        var done = world.parts().refunds().refund(payment, amount, "x", ProviderWorld.TESTER);
        back = back.plus(done.amount());
      } catch (RequestRefusedException refused) {
        answer = "refused";
      }
      check(one, one.path("then").path("answers").path(i).asText(), answer);
    }
    check(one, one.path("then").path("refunded").asText(), back.amount().toPlainString());
    return refunds.size() + 1;
  }

  private int signature(JsonNode one) {
    JsonNode times = one.path("when").path("received_at");
    byte[] body = one.path("when").path("body").asText().getBytes(UTF_8);
    String header = one.path("when").path("header").asText();
    String secret = one.path("given").path("secret").asText();
    for (int i = 0; i < times.size(); i++) {
      boolean accepted = true;
      try {
        StripeSignature.require(
            header, body, List.of(secret), Instant.ofEpochSecond(times.path(i).asLong()));
      } catch (ForgedEventException refused) {
        accepted = false;
      }
      check(one, one.path("then").path("accepted").path(i).asBoolean(), accepted);
    }
    return times.size();
  }

  /** Each delivery says what it is: the provider shows that state, and an older one never. */
  private int replay(ProviderWorld world, JsonNode one, int place) {
    String customer = "case" + place;
    String number = "case-" + place;
    world.customer(customer, "pm_declined_generic_decline");
    world.invoice(customer, number, "100.00");
    world.fake.fault(Fault.LOST_AFTER);
    ChargeResult unused = world.parts().charges().charge(number, 1);
    List<com.fasterxml.jackson.databind.node.ObjectNode> intents = world.fake.intents();
    String intent = intents.get(intents.size() - 1).path("id").asText();
    for (JsonNode each : one.path("when").path("deliveries")) {
      String id = each.asText().split(" ", 2)[0];
      if (each.asText().contains("succeeded")) {
        world.fake.status(intent, "succeeded");
      }
      var state =
          world
              .parts()
              .events()
              .take(
                  world.stripe(),
                  new ProviderEvent(id, "test", new OfPayment(intent)),
                  new byte[0]);
      check(one, EventRows.EventState.APPLIED, state);
    }
    check(one, one.path("then").path("final").asText(), state(world, number));
    check(
        one,
        one.path("then").path("payments_recorded").asLong(),
        world.count("payment WHERE customer_id = '" + customer + "'"));
    return one.path("when").path("deliveries").size() + 2;
  }

  private static String state(ProviderWorld world, String number) {
    return world.open(number).signum() == 0 ? "paid" : "open";
  }
}
