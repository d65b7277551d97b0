package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.costs.CostServer.Answer;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A provider's bill beside our costs, for each day and model. */
@Tag("postgres")
class ReconcileOverHttpTest {
  private static final String PATH = "/costs/reconciliations";
  private static final String HEADER = "day,model,currency,amount\n";

  /** The first moments of two days of Kathmandu are in the evening of UTC before. */
  private static final Instant FIRST = Instant.parse("2026-11-03T18:15:00Z");

  private static final Instant SECOND = Instant.parse("2026-11-04T18:15:00Z");

  @TempDir Path directory;

  private CostServer server;

  @BeforeEach
  void start() {
    server = new CostServer(directory);
    send("whisper", FIRST, "'usage':10,'metadata':{'unit':'minutes'}");
    send("whisper", SECOND.minusMillis(1), "'usage':5,'metadata':{'unit':'minutes'}");
    send("whisper", SECOND, "'usage':1,'metadata':{'unit':'minutes'}");
    send("gpt-4", FIRST, "'usage':1000,'quantities':{'input_tokens':1000}");
    send("s3", FIRST, "'usage':2,'metadata':{'unit':'GB'}");
    server.awaitCosts("s3", 1);
    server.awaitCosts("gpt-4", 1);
    server.awaitCosts("whisper", 3);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void send(String model, Instant at, String more) {
    server.send(server.event(model, at, more));
  }

  private JsonNode reconcile(String bill, String... more) {
    ObjectNode body = CostServer.JSON.createObjectNode().put("bill", HEADER + bill);
    body.put("zone", "Asia/Kathmandu");
    for (int i = 0; i < more.length; i += 2) {
      body.put(more[i], more[i + 1]);
    }
    return server.post(PATH, body.toString());
  }

  private static List<String> rows(JsonNode found) {
    List<String> rows = new ArrayList<>();
    for (JsonNode each : found.path("rows")) {
      rows.add(
          "%s %s %s %s %s %s"
              .formatted(
                  each.path("day").asText(),
                  each.path("model").asText(),
                  each.path("ours").asText(),
                  each.path("theirs").asText(),
                  each.path("difference").asText(),
                  each.path("reconciled").asBoolean()));
    }
    return rows;
  }

  @Test
  void bill_besideCosts_namesEachDifference_byLocalDayAndModel() {
    String bill =
        """
        2026-11-04,whisper,USD,0.09
        2026-11-05,whisper,USD,0.506
        2026-11-04,gpt-4,USD,0.03
        2026-11-05,gpt-4,USD,2
        """;
    JsonNode all = reconcile(bill);
    assertThat(rows(all))
        .containsExactly(
            "2026-11-04 gpt-4 0.03 0.03 0 true",
            "2026-11-04 s3 0.02 0 -0.02 false",
            "2026-11-04 whisper 0.09 0.09 0 true",
            "2026-11-05 gpt-4 0 2 2 false",
            "2026-11-05 whisper 0.006 0.506 0.5 false");
    assertThat(all.path("reconciled").asBoolean()).isFalse();
    assertThat(all.path("firstDay").asText()).isEqualTo("2026-11-04");
    assertThat(all.path("unknownCosts").asLong()).isZero();

    String provider = priceProvider("gpt-4");
    JsonNode one = reconcile("2026-11-04,gpt-4,USD,0.031\n", "provider", provider);
    assertThat(rows(one)).contains("2026-11-04 gpt-4 0.03 0.031 0.001 true");
    assertThat(rows(one).toString()).doesNotContain("s3");
    JsonNode exact =
        reconcile("2026-11-04,gpt-4,USD,0.031\n", "provider", provider, "tolerance", "0.0001");
    assertThat(rows(exact)).contains("2026-11-04 gpt-4 0.03 0.031 0.001 false");

    send("nobody-knows", FIRST, "'usage':1,'quantities':{'input_tokens':1}");
    server.awaitCosts("nobody-knows", 1);
    JsonNode unknown = reconcile("2026-11-04,nobody-knows,USD,0\n", "provider", "somebody");
    assertThat(unknown.path("unknownCosts").asLong()).isEqualTo(1);
    assertThat(unknown.path("reconciled").asBoolean()).isFalse();

    BigDecimal sum = CostServer.sum(elements(all), "ours");
    assertThat(sum).isEqualByComparingTo("0.146");
    Proof.of("bill-reconcile")
        .with("rows", all.path("rows").size())
        .with("reconciled", 2)
        .with("differences_named", 3)
        .with("unknown_counted", 1)
        .with("zone", "Asia/Kathmandu")
        .print();
  }

  private static List<JsonNode> elements(JsonNode found) {
    List<JsonNode> rows = new ArrayList<>();
    found.path("rows").forEach(rows::add);
    return rows;
  }

  private String priceProvider(String model) {
    return server.get("/prices?model=" + model).path("items").path(0).path("provider").asText();
  }

  @Test
  void bill_thatIsNone_isRefusedByLineAndColumn() {
    refused(HEADER, "a line after its header");
    refused("day,model,amount\n2026-11-04,x,1\n", "line 1");
    refused(HEADER + "2026-11-31,x,USD,1\n", "line 2.day");
    refused(HEADER + "2026-11-04,x,USD,much\n", "line 2.amount");
    refused(HEADER + "2026-11-04,x,US,1\n", "line 2.currency");
    refused(HEADER + "2024-11-04,x,USD,1\n2026-11-04,x,USD,1\n", "366 days");
    assertThat(ask("{\"bill\":\"x\",\"zone\":\"Mars/Olympus\"}").json().toString())
        .contains("zone");
    assertThat(ask("{\"bill\":\"x\",\"tolerance\":-1}").json().toString()).contains("tolerance");
  }

  private void refused(String bill, String why) {
    Answer answer = ask(CostServer.JSON.createObjectNode().put("bill", bill).toString());
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(400);
    assertThat(answer.json().toString()).contains(why);
  }

  private Answer ask(String body) {
    return server.ask("POST", PATH, body);
  }
}
