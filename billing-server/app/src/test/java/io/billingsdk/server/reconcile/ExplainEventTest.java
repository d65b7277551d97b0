package io.billingsdk.server.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of single events. */
@Tag("postgres")
class ExplainEventTest {
  private static final Instant IN_MARCH = Instant.parse("2026-03-20T10:00:00Z");
  private static final Instant APRIL = Instant.parse("2026-04-02T00:00:00Z");

  @TempDir Path directory;

  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private static String path(JsonNode event, String query) {
    return "/api/v1/events/%s/%s/explanation%s"
        .formatted(event.path("stream").asText(), event.path("seq").asText(), query);
  }

  private JsonNode explain(JsonNode event) {
    Reply reply = world.http.get(path(event, ""));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  @Test
  void explain_ofABilledEvent_followsItToItsLine_andSaysWhatItAdded() throws Exception {
    world.customer("c", "metered");
    world.customer("d", "modelled");
    JsonNode first = world.use("c", IN_MARCH, "m", "150");
    JsonNode second = world.use("c", IN_MARCH.plusSeconds(1), "m", "50");
    JsonNode modelled = world.use("d", IN_MARCH, "m1", "50");
    world.move("c", APRIL);
    world.move("d", APRIL);
    String number = world.bill("c");

    JsonNode found = explain(second);
    assertThat(found.path("outcome").asText()).isEqualTo("counted");
    assertThat(found.path("fate").asText()).isEqualTo("rated");
    assertThat(found.path("customerId").asText()).isEqualTo("c");
    assertThat(found.path("plan").asText()).isEqualTo("metered");
    // 5 + 100 x 0.013 less 5 + 50 x 0.013
    JsonNode line = found.at("/lines/0");
    assertThat(line.path("amount").asText()).isEqualTo("6.30");
    assertThat(line.path("contributed").asText()).isEqualTo("0.65");
    assertThat(line.at("/values/tokens").asText()).isEqualTo("50");
    assertThat(line.at("/documents/0/number").asText()).isEqualTo(number);
    assertThat(line.at("/documents/0/line").asInt()).isEqualTo(1);

    JsonNode byModel = explain(modelled);
    assertThat(byModel.at("/lines/0/contributed").asText()).isEqualTo("0.30");
    assertThat(byModel.at("/lines/1/chargeId").asText()).isEqualTo("peak");
    assertThat(byModel.at("/lines/1").has("contributed")).isFalse();

    String own =
        new Tokens(world.database)
            .createForCustomer(BilledWorld.TESTER, "tester", "c", Duration.ofHours(1))
            .text();
    assertThat(world.http.send("GET", path(first, ""), own, null).status()).isEqualTo(200);
    assertThat(world.http.send("GET", path(modelled, ""), own, null).status()).isEqualTo(404);
  }

  @Test
  void explain_ofAnEventOnNoInvoice_saysWhy() {
    world.customer("c", "metered");
    world.customer("t", "trial");
    world.customer("none", "");
    JsonNode corrected = world.use("c", IN_MARCH, "m", "150");
    JsonNode trial = world.use("t", Instant.parse("2026-03-05T10:00:00Z"), "m", "1");
    JsonNode without = world.use("none", IN_MARCH, "m", "2");
    JsonNode strange = world.use("stranger", IN_MARCH, "m", "3");
    JsonNode before = world.use("c", Instant.parse("2026-02-20T10:00:00Z"), "m", "5");
    world.correct(corrected, IN_MARCH, "0");
    assertThat(explain(trial).path("fate").asText()).isEqualTo("trial");
    assertThat(explain(without).path("fate").asText()).isEqualTo("no_subscription");
    assertThat(explain(strange).path("why").asText()).contains("belongs to no app; attribute it");
    assertThat(explain(before).path("fate").asText()).isEqualTo("no_customer");
    assertThat(explain(corrected).path("fate").asText()).isEqualTo("running");
    assertThat(explain(corrected).path("why").asText()).contains("corrected to 0");

    world.move("c", APRIL);
    world.bill("c");
    JsonNode late = world.use("c", IN_MARCH.plusSeconds(1), "m", "9");
    assertThat(explain(late).path("fate").asText()).isEqualTo("late");
    assertThat(explain(late).path("lines")).isEmpty();
  }

  @Test
  void explain_ofAnEventThatIsNotInTheLedger_saysWhereItIs() throws Exception {
    world.customer("c", "metered");
    JsonNode stored = world.use("c", IN_MARCH, "m", "1");
    String stream = stored.path("stream").asText();
    world
        .http
        .world()
        .execute(
            "INSERT INTO rejected_event (stream, seq, code, detail, content) VALUES ('"
                + stream
                + "', 90, 'TOO_OLD', 'of 2001', '{}'); UPDATE stream SET highest_seq = 100;"
                + " INSERT INTO stream_gap SELECT stream_id, 91, 95 FROM stream WHERE uuid = '"
                + stream
                + "'");
    assertThat(whyOf(stream, 90)).isEqualTo("refused: it was refused: TOO_OLD, of 2001");
    assertThat(whyOf(stream, 92)).isEqualTo("absent: its number is missing in the stream");
    assertThat(whyOf(stream, 101))
        .isEqualTo("absent: its number has not come: the highest of the stream is 100");
    assertThat(whyOf(new UUID(1, 2).toString(), 1))
        .isEqualTo("absent: nothing has come of its stream");
    assertThat(
            world.http.get(path(stored, "?occurredAt=" + IN_MARCH)).json().path("usage").asText())
        .isEqualTo("1");
    assertThat(world.http.get("/api/v1/events/" + stream + "/x/explanation").status())
        .isEqualTo(400);
  }

  private String whyOf(String stream, long seq) {
    JsonNode found =
        world.http.get("/api/v1/events/%s/%d/explanation".formatted(stream, seq)).json();
    return found.path("outcome").asText() + ": " + found.path("why").asText();
  }
}
