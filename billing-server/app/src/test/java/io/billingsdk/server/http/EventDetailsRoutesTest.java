package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quantities of an event and who used it: bounds, identity, questions, and what people change. */
@Tag("postgres")
class EventDetailsRoutesTest {
  private static final String EVENTS = "/api/v1/events";
  private static final String DETAILS =
      "'quantities':{'input_tokens':812,'audio_seconds':'1.25'},'subject':'ann','session':'s-1','execution':'e-1'";

  @TempDir Path directory;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private HttpTestbed http;

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    KeyAdmin keys = new KeyAdmin(http.database(), null, HttpTestbed.TESTER);
    keys.createApp("acme", "Acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private String event(String key, String more) {
    return ("{'keyId':'" + key + "','module':'llm','model':'gpt-4','usage':2," + more + "}")
        .replace('\'', '"');
  }

  private Reply send(String json, String... headers) {
    return http.send("POST", EVENTS, http.writeToken(), json, headers);
  }

  private JsonNode read(String path) {
    String joint = path.contains("?") ? "&" : "?";
    Reply reply =
        http.get(path + joint + "from=" + now.minusSeconds(60) + "&to=" + now.plusSeconds(60));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private int found(String filter) {
    return read(EVENTS + "?" + filter).path("items").size();
  }

  private static String quantities(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> "'q_" + i + "':" + i)
        .collect(Collectors.joining(",", "'quantities':{", "}"));
  }

  /** What is beyond a bound, with the field that the answer names. */
  private static final List<String> BEYOND =
      List.of(
          "'quantities':[1]; quantities",
          "'quantities':{'A':1}; quantities",
          "'quantities':{'':1}; quantities",
          "'quantities':{'input-tokens':1}; quantities",
          "'quantities':{'a':null}; quantities",
          "'quantities':{'a':true}; quantities",
          "'quantities':{'a':'1,5'}; quantities",
          "'quantities':{'a':-1}; quantities",
          "'quantities':{'a':9007199254740993}; quantities",
          "'quantities':{'a':0.0000000000000000001}; quantities",
          "'quantities':{'a':'0.0000000000000000001'}; quantities",
          "'quantities':{'a':7.000000000000001e-05}; quantities",
          "'quantities':{'a':1e300}; quantities",
          "'subject':''; subject",
          "'subject':7; subject",
          "'session':{}; session",
          "'execution':'\\u0000'; execution");

  @Test
  void event_beyondABound_isRefusedByTheNameOfItsField() {
    for (String each : BEYOND) {
      String[] parts = each.split("; ", 2);
      Reply reply = send(event("k_1", parts[0]));
      assertThat(reply.status()).as(each + reply.body()).isEqualTo(400);
      assertThat(reply.json().path("field").asText()).as(each).isEqualTo(parts[1]);
    }
  }

  @Test
  void quantities_atEachBound_areTaken_andOneMoreIsNot() {
    assertThat(send(event("k_1", quantities(16))).status()).isEqualTo(201);
    assertThat(send(event("k_1", quantities(17))).body()).contains("quantities", "16");
    String longest = "n".repeat(64);
    assertThat(send(event("k_1", "'quantities':{'" + longest + "':9007199254740992}")).status())
        .isEqualTo(201);
    assertThat(send(event("k_1", "'quantities':{'" + longest + "n':1}")).body()).contains("64");
    String text = "ü".repeat(256);
    assertThat(send(event("k_1", "'subject':'" + text + "'")).status()).isEqualTo(201);
    assertThat(send(event("k_1", "'subject':'" + text + "ü'")).body()).contains("256");
  }

  @Test
  void event_withoutDetails_isShownWithoutThem() {
    send(event("k_1", "'quantities':{},'subject':null"));
    assertThat(read(EVENTS).path("items")).hasSize(1);
    JsonNode only = read(EVENTS).path("items").path(0);
    assertThat(only.has("quantities") || only.has("subject") || only.has("session")).isFalse();
  }

  /** What is sent again under one key, with the status of the answer. */
  private static final List<String> REPEATS =
      List.of(
          DETAILS + "; 200",
          "'execution':'e-1','session':'s-1','subject':'ann','quantities':{'audio_seconds':1.250,'input_tokens':812.0};"
              + " 200",
          "'quantities':{'input_tokens':812},'subject':'ann','session':'s-1','execution':'e-1';"
              + " 409",
          "'quantities':{'input_tokens':813,'audio_seconds':1.25},'subject':'ann','session':'s-1','execution':'e-1';"
              + " 409",
          "'quantities':{'input_tokens':812,'audio_seconds':1.25},'subject':'bob','session':'s-1','execution':'e-1';"
              + " 409",
          "'quantities':{'input_tokens':812,'audio_seconds':1.25},'subject':'ann','session':'s-1';"
              + " 409",
          "'metadata':{}; 409");

  @Test
  void repeat_underItsKey_isOneOnlyIfItSaysTheSame() throws SQLException {
    String[] key = {"Idempotency-Key", "call-1"};
    assertThat(send(event("k_1", DETAILS), key).status()).isEqualTo(201);
    for (String each : REPEATS) {
      String[] parts = each.split("; ", 2);
      Reply again = send(event("k_1", parts[0]), key);
      assertThat(again.status()).as(each + again.body()).isEqualTo(Integer.parseInt(parts[1]));
    }
    assertThat(http.world().count("SELECT count(*) FROM usage_event")).isOne();
  }

  @Test
  void questions_bySubjectSessionAndExecution_findTheirEventsAlone() {
    send(event("k_1", DETAILS));
    send(event("k_1", "'quantities':{'input_tokens':8},'subject':'bob','session':'s-2'"));
    send(event("k_1", "'metadata':{}"));

    assertThat(found("subject=ann")).isOne();
    assertThat(found("subject=bob&session=s-2")).isOne();
    assertThat(found("subject=bob&session=s-1")).isZero();
    assertThat(found("execution=e-1&appId=acme")).isOne();
    assertThat(found("subject=Ann")).isZero();
    assertThat(found("limit=10")).isEqualTo(3);
    JsonNode all = read("/api/v1/usage?bucket=all&quantity=input_tokens,images");
    assertThat(all.at("/items/0/quantities").toString())
        .isEqualTo("{\"input_tokens\":\"820\",\"images\":\"0\"}");
    assertThat(all.at("/items/0/usage").asText()).isEqualTo("6");
    JsonNode anns = read("/api/v1/usage?bucket=all&subject=ann");
    assertThat(anns.at("/items/0/usage").asText()).isEqualTo("2");
    assertThat(anns.path("source").asText()).isEqualTo("events");
    assertThat(anns.at("/items/0").has("quantities")).isFalse();
  }

  @Test
  void quantity_thatIsNoName_isRefused() {
    for (String names : List.of("A", "a,a", "a,", "input-tokens")) {
      Reply reply = http.get("/api/v1/usage?quantity=" + names);
      assertThat(reply.status()).as(names).isEqualTo(400);
      assertThat(reply.json().path("field").asText()).as(names).isEqualTo("quantity");
    }
  }

  @Test
  void cloudEvent_itsSubjectIsWhoUsedIt_unlessItsDataSaysAnother() {
    String[] headers = {
      "ce-specversion", "1.0", "ce-type", "usage", "ce-source", "/s", "ce-subject", "%C3%BCser%201"
    };
    Reply own = send(event("k_1", "'session':'s-1'"), with(headers, "ce-id", "1"));
    Reply other = send(event("k_1", "'subject':'bob'"), with(headers, "ce-id", "2"));
    assertThat(own.status()).as(own.body()).isEqualTo(201);
    assertThat(other.status()).as(other.body()).isEqualTo(201);

    assertThat(found("subject=%C3%BCser%201&session=s-1")).isOne();
    assertThat(found("subject=bob")).isOne();
  }

  private static String[] with(String[] headers, String... more) {
    return java.util.stream.Stream.of(headers, more)
        .flatMap(java.util.Arrays::stream)
        .toArray(String[]::new);
  }

  @Test
  void correction_isOfTheSameSubject_andLeavesTheQuantities() {
    send(event("k_1", DETAILS));
    JsonNode event = read(EVENTS).path("items").path(0);
    String correction =
        "{'stream':'%s','seq':%d,'occurredAt':'%s','usage':5,'reason':'wrong'}"
            .formatted(
                event.path("stream").asText(),
                event.path("seq").asLong(),
                event.path("occurredAt").asText())
            .replace('\'', '"');
    Reply made = http.send("POST", "/api/v1/corrections", correction);
    assertThat(made.status()).as(made.body()).isEqualTo(201);

    assertThat(found("subject=ann&session=s-1&execution=e-1")).isEqualTo(2);
    JsonNode sums = read("/api/v1/usage?bucket=all&subject=ann&quantity=input_tokens");
    assertThat(sums.at("/items/0/usage").asText()).isEqualTo("5");
    assertThat(sums.at("/items/0/events").asLong()).isOne();
    assertThat(sums.at("/items/0/quantities/input_tokens").asText()).isEqualTo("812");
  }

  @Test
  void attribution_givesTheQuantitiesToTheApp_andSeesConflictsInThem() throws SQLException {
    send(event("k_1", DETAILS), "Idempotency-Key", "call-1");
    send(event("k_lost", DETAILS), "Idempotency-Key", "call-2");
    // The app has counted a call under this key, and another one.
    send(event("k_lost", "'quantities':{'input_tokens':1}"), "Idempotency-Key", "call-1");
    Reply attributed =
        http.send(
            "POST",
            "/api/v1/unattributed/attribute",
            "{\"appId\":\"acme\",\"named\":\"k_lost\",\"reason\":\"theirs\"}");
    assertThat(attributed.status()).as(attributed.body()).isEqualTo(200);
    assertThat(attributed.json().path("attributed").asInt()).as(attributed.body()).isOne();
    assertThat(attributed.json().path("conflicts").asInt()).isOne();

    JsonNode sums = read("/api/v1/usage?bucket=all&appId=acme&quantity=input_tokens");
    assertThat(sums.at("/items/0/quantities/input_tokens").asText()).isEqualTo("1624");
    assertThat(found("appId=acme&subject=ann")).isEqualTo(2);
    assertThat(
            http.world()
                .count(
                    "SELECT sum((quantities->>'input_tokens')::numeric) FROM usage_event_attributed"
                        + " WHERE app_id = 'acme' AND subject = 'ann'"))
        .isEqualTo(1_624);
  }

  @Test
  void rejected_keepsWhatTheEventSaid_andItsReplayStoresIt() throws SQLException {
    String ahead = now.plus(25, ChronoUnit.HOURS).toString();
    Reply refused = send(event("k_1", DETAILS + ",'occurredAt':'" + ahead + "'"));
    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    Reply replayed =
        http.send("POST", "/api/v1/rejected/replay", "{\"occurredAtOffsetSeconds\":-90000}");
    assertThat(replayed.json().path("stored").asInt()).as(replayed.body()).isOne();

    JsonNode stored = read(EVENTS + "?subject=ann&session=s-1&execution=e-1").at("/items/0");
    assertThat(stored.path("quantities").toString())
        .isEqualTo("{\"audio_seconds\":\"1.25\",\"input_tokens\":\"812\"}");
  }
}
