package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API of a server with an app and a key, asked over HTTP. */
final class CostServer implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RANGE = "from=1971-01-01T00:00:00Z&to=2999-01-01T00:00:00Z";

  private final HttpTestbed http;
  private final String key;

  /** Up when this returns. */
  CostServer(Path directory) {
    this.http = new HttpTestbed(directory);
    http.startCosts();
    post("/apps", "{\"appId\":\"acme\",\"name\":\"Acme\"}");
    this.key = post("/apps/acme/keys", "{}").at("/key/keyId").asText();
  }

  /** An answer. */
  record Answer(int status, JsonNode json) {}

  Answer ask(String method, String path, @Nullable String body) {
    Reply reply = raw(method, path, body);
    return new Answer(reply.status(), reply.json());
  }

  /** An answer as it is. */
  Reply raw(String method, String path, @Nullable String body) {
    return http.send(method, "/api/v1" + path, http.writeToken(), body);
  }

  private JsonNode well(String method, String path, @Nullable String body) {
    Answer answer = ask(method, path, body);
    assertThat(answer.status() / 100).as("%s %s: %s", method, path, answer.json()).isEqualTo(2);
    return answer.json();
  }

  JsonNode post(String path, String body) {
    return well("POST", path, body);
  }

  JsonNode get(String path) {
    return well("GET", path, null);
  }

  /** Imports prices as a person does, accepting all that can be accepted. */
  String importPrices(JsonNode rows) {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode file = body.putObject("file").put("version", 1);
    file.set("prices", rows);
    JsonNode plan = post("/prices/plan", body.toString());
    body.set("fingerprint", plan.path("fingerprint"));
    body.put("reason", "a test");
    for (JsonNode each : plan.path("findings")) {
      if (each.path("severity").asText().equals("stop")) {
        body.withArray("accept").add(each.path("id").asText());
      }
    }
    return post("/prices/import", body.toString()).path("catalogue").asText();
  }

  /** A row of a prices file in USD. */
  static ObjectNode price(String model, String bucket, String price, String per) {
    ObjectNode row = JSON.createObjectNode();
    row.put("provider", "test").put("model", model).put("currency", "USD").put("source", "test");
    row.putObject("prices").putObject(bucket).put("price", price).put("per", per);
    return row;
  }

  String importPrice(ObjectNode row) {
    return importPrices(JSON.createArrayNode().add(row));
  }

  /** An event, as the API takes it; more is in the words of JSON, with {@code '} for quotes. */
  String event(String model, Instant at, String more) {
    return "{\"keyId\":\"%s\",\"module\":\"llm\",\"model\":\"%s\",\"occurredAt\":\"%s\",%s}"
        .formatted(key, model, at, more.replace('\'', '"'));
  }

  void send(String event) {
    post("/events", event);
  }

  /** All costs of a model, once there are so many. */
  List<JsonNode> awaitCosts(String model, int count) {
    return await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(PATIENCE)
        .until(() -> costs(model), found -> found.size() >= count);
  }

  List<JsonNode> costs(String model) {
    List<JsonNode> found = new ArrayList<>();
    String path = "/costs?" + RANGE + "&limit=1000&model=" + encoded(model);
    JsonNode page = get(path);
    page.path("items").forEach(found::add);
    while (page.has("next")) {
      page = get(path + "&cursor=" + page.path("next").asText());
      page.path("items").forEach(found::add);
    }
    return found;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode explain(JsonNode cost) {
    return get("/costs/events/" + cost.path("stream").asText() + "/" + cost.path("seq").asText());
  }

  static BigDecimal sum(List<JsonNode> costs, String field) {
    return costs.stream()
        .filter(each -> each.has(field))
        .map(each -> new BigDecimal(each.path(field).asText()))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Override
  public void close() {
    http.close();
  }
}
