package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each bound that the document states of a request is the one by which the server goes: the last
 * value within is not refused, the first one beyond is, by its name and with the bound. The
 * document and the code can then not drift apart.
 */
@Tag("postgres")
class DocumentBoundsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** They say what it must be by an example. */
  private static final Set<String> WITHOUT_NUMBER = Set.of("code", "id");

  private static final Pattern FORMS = Pattern.compile("(kinds|url|address)([.].*)?");

  @TempDir Path directory;

  private HttpTestbed http;
  private ValidRequests requests;
  private final List<String> wrong = new ArrayList<>();

  @BeforeEach
  void start() throws SQLException {
    http = new HttpTestbed(directory);
    requests = new ValidRequests(http);
  }

  @AfterEach
  void stop() {
    http.close();
  }

  @Test
  void bounds_ofTheDocument_areThoseOfTheServer() throws JsonProcessingException, SQLException {
    int bounds = 0;
    for (Operation operation : Operation.all()) {
      for (Bound bound : Bound.of(operation)) {
        if (!isSomewhereElse(bound)) {
          judgeBeyond(bound, send(bound, bound.beyond()));
          Optional<JsonNode> within = bound.within();
          if (within.isPresent() && !hasAFormOfItsOwn(bound)) {
            judgeWithin(bound, send(bound, within.get()));
          }
          bounds++;
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(bounds).isGreaterThan(150);
    Proof.of("openapi-bounds").with("bounds", bounds).with("wrong", 0).print();
  }

  private static boolean isSomewhereElse(Bound bound) {
    // A path in which nothing stands is another path.
    return (bound.in().equals("path") && bound.keyword().equals("minLength"))
        // A CloudEvent has its identity outside.
        || (bound.in().contains("cloudevents") && bound.name().equals("idempotencyKey"));
  }

  /** A value of just this length cannot be made: it is no text of any letters. */
  private static boolean hasAFormOfItsOwn(Bound bound) {
    // Only the act bill_day has a billDay.
    return List.of("cursor", "metadata", "billDay").contains(bound.name())
        // Kinds, the URL of a webhook and an address of mail: another form than length is theirs.
        || (bound.operation().node().path("tags").toString().contains("notifications")
            && FORMS.matcher(bound.name()).matches());
  }

  private void judgeBeyond(Bound bound, Reply reply) {
    // Of several events each is refused by itself.
    boolean isRefused =
        reply.status() == 400
            || (reply.status() == 200 && reply.body().contains("\"status\":\"rejected\""));
    boolean isNamed = bound.at().isEmpty() || bound.at().stream().anyMatch(reply.body()::contains);
    boolean isSaid = WITHOUT_NUMBER.contains(bound.name()) || reply.body().contains(bound.said());
    if (!isRefused || !isNamed || !isSaid) {
      wrong.add(bound + " beyond -> " + reply.status() + " " + reply.body());
    }
  }

  private void judgeWithin(Bound bound, Reply reply) {
    // Whole: a line is one of its lines, and they are no line.
    String name = "\\b" + Pattern.quote(bound.name()) + "\\b";
    // What is wrong with an item is not the fault of the list.
    boolean isRefused =
        reply.status() == 400
            || (!bound.at().isEmpty() && reply.body().contains("\"status\":\"rejected\""));
    if (isRefused && reply.body().matches("(?s).*\"field\":\"[^\"]*" + name + ".*")) {
      wrong.add(bound + " within -> " + reply.status() + " " + reply.body());
    }
  }

  private Reply send(Bound bound, JsonNode value) throws JsonProcessingException, SQLException {
    Operation operation = bound.operation();
    String path = requests.path(operation);
    String name = bound.name();
    String body = requests.body(operation.id());
    // Each of them stays open for a while, and one token has few of them.
    String token =
        operation.path().endsWith("/tail") ? http.token(Scope.READ, null) : http.writeToken();
    String text = encoded(value.asText());
    return switch (bound.in()) {
      case "query" ->
          requests.send(operation, ValidRequests.withParameter(path, name, text), body, token);
      case "path" -> {
        String changed = requests.with(operation, name, text);
        yield requests.send(operation, changed, body, token);
      }
      case "header" -> requests.send(operation, path, body, token, name, value.asText());
      default -> {
        String changed = changed(bound, body == null ? "{}" : body, value);
        yield requests.send(operation, path, changed, token, "Content-Type", bound.in());
      }
    };
  }

  private static String changed(Bound bound, String body, JsonNode value)
      throws JsonProcessingException {
    JsonNode whole = JSON.readTree(body);
    if (bound.in().contains("cloudevents")) {
      whole = cloudEvent(bound, whole);
    }
    JsonNode changed = put(whole, bound.at(), value);
    if (List.of("keySha256", "apiKey").contains(bound.name())) {
      // Where there are two, one is enough.
      changed.findParents("keyId").forEach(each -> ((ObjectNode) each).remove("keyId"));
    }
    return changed.toString();
  }

  private static JsonNode cloudEvent(Bound bound, JsonNode body) {
    boolean isBatch = bound.in().contains("batch");
    ObjectNode data = isBatch ? (ObjectNode) body.path("events").path(0) : (ObjectNode) body;
    data.remove("idempotencyKey");
    data.remove("occurredAt");
    ObjectNode event = JSON.createObjectNode();
    event.put("specversion", "1.0").put("id", "i").put("source", "s").put("type", "t");
    event.set("data", data);
    return isBatch ? JSON.createArrayNode().add(event) : event;
  }

  private static JsonNode put(JsonNode into, List<String> at, JsonNode value) {
    if (at.isEmpty()) {
      return value;
    }
    List<String> rest = at.subList(1, at.size());
    if (at.get(0).equals("*")) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      return list.add(put(into.path(0), rest, value));
    }
    ObjectNode object =
        into instanceof ObjectNode given ? given : JsonNodeFactory.instance.objectNode();
    return object.set(at.get(0), put(object.path(at.get(0)), rest, value));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
