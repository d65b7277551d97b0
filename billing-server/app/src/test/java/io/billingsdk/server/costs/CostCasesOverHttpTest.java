package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each line of {@code cost-cases.jsonl} that is about a price, as requests: a prices file is
 * imported, events are sent, and their costs are read. Dates are moved by whole days into the time
 * that the intake takes. {@code -Dsize=release} sends as many events as a case says.
 */
@Tag("postgres")
class CostCasesOverHttpTest {
  private static final int MOST_EVENTS =
      "release".equals(System.getProperty("size")) ? 1_000_000 : 1_000;
  private static final int BATCH = 500;

  @TempDir Path directory;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final List<String> wrong = new ArrayList<>();
  private int values;

  @Test
  void cases_overHttp_haveTheAmountsOfTheirSources() throws IOException {
    List<JsonNode> cases = cases();
    try (CostServer server = new CostServer(directory)) {
      for (JsonNode one : cases) {
        run(server, one);
      }
      correction(server);
    }
    Proof.of("cost-cases-http")
        .with("cases", cases.size() + 1)
        .with("values", values)
        .with("wrong", wrong.size())
        .print();
    assertThat(wrong).as("cases that differ").isEmpty();
  }

  private static List<JsonNode> cases() throws IOException {
    String name = "cost-requests.jsonl";
    try (InputStream in =
        Objects.requireNonNull(CostCasesOverHttpTest.class.getResourceAsStream(name), name)) {
      List<JsonNode> cases = new ArrayList<>();
      CostServer.JSON
          .readerFor(JsonNode.class)
          .<JsonNode>readValues(in)
          .forEachRemaining(cases::add);
      return cases;
    }
  }

  private void run(CostServer server, JsonNode one) {
    String id = one.path("id").asText();
    Duration move = move(one.path("events"));
    server.importPrices(moved(one.path("prices"), move));
    String model = one.path("events").path(0).path("model").asText();
    int sent = 0;
    for (JsonNode each : one.path("events")) {
      sent += send(server, id, each, sent, move);
    }
    List<JsonNode> costs = server.awaitCosts(model, sent);
    same(id + " costs", sent, costs.size());
    Map<String, JsonNode> bySubject = new HashMap<>();
    costs.forEach(cost -> bySubject.put(cost.path("subject").asText(), cost));
    int first = 0;
    for (JsonNode each : one.path("events")) {
      compare(server, id, each, Objects.requireNonNull(bySubject.get(id + "-" + first)));
      first += times(each);
    }
    if (one.path("events").size() == 1 && times(one.path("events").path(0)) > 1) {
      BigDecimal each = new BigDecimal(one.at("/events/0/expect/amount").asText());
      sameAmount(
          id + " total",
          each.multiply(BigDecimal.valueOf(sent)).toPlainString(),
          CostServer.sum(costs, "amount").toPlainString());
    }
  }

  private static int times(JsonNode event) {
    return Math.min(MOST_EVENTS, event.path("times").asInt(1));
  }

  private int send(CostServer server, String id, JsonNode event, int before, Duration move) {
    int times = times(event);
    Instant at =
        event.has("at")
            ? Instant.parse(event.path("at").asText()).plus(move)
            : now.minus(Duration.ofDays(1));
    for (int first = 0; first < times; first += BATCH) {
      List<String> batch = new ArrayList<>();
      for (int i = first; i < Math.min(times, first + BATCH); i++) {
        batch.add(server.event(event.path("model").asText(), at, more(id, event, before + i)));
      }
      server.post("/events/batch", "{\"events\":[" + String.join(",", batch) + "]}");
    }
    return times;
  }

  private static String more(String id, JsonNode event, int number) {
    ObjectNode metadata = CostServer.JSON.createObjectNode();
    metadata.put("provider", "case").put("usage_format", event.path("format").asText());
    metadata.put("provider_usage", event.path("usage").toString());
    if (event.has("tier")) {
      metadata.put("service_tier", event.path("tier").asText());
    }
    return "'usage':1,'subject':'" + id + "-" + number + "','metadata':" + metadata;
  }

  private void compare(CostServer server, String id, JsonNode event, JsonNode cost) {
    JsonNode expect = event.path("expect");
    JsonNode explained = server.explain(cost);
    expect
        .properties()
        .forEach(
            each -> {
              String name = each.getKey();
              String expected = each.getValue().asText();
              switch (name) {
                case "amount" ->
                    sameAmount(id + " amount", expected, cost.path("amount").asText("none"));
                case "billed" ->
                    sameAmount(
                        id + " billed", expected, explained.at("/lines/0/billed").asText("none"));
                default -> same(id + " " + name, expected, cost.path(name).asText());
              }
            });
    if (!cost.path("state").asText().equals("unknown")) {
      List<JsonNode> lines = new ArrayList<>();
      explained.path("lines").forEach(lines::add);
      sameAmount(
          id + " sum of lines",
          cost.path("amount").asText(),
          CostServer.sum(lines, "amount").toPlainString());
    }
  }

  /** Case c45: what is counted wrongly, its correction, and what is right, all visible. */
  private void correction(CostServer server) {
    server.importPrice(CostServer.price("c45", "video_seconds", "0.10", "minute"));
    String minutes = ",'metadata':{'unit':'minutes'}";
    server.send(server.event("c45", now.minusSeconds(60), "'usage':5" + minutes));
    JsonNode first = server.awaitCosts("c45", 1).get(0);
    server.post(
        "/corrections",
        "{\"stream\":\"%s\",\"seq\":%s,\"occurredAt\":\"%s\",\"usage\":0,\"reason\":\"wrong\"}"
            .formatted(
                first.path("stream").asText(),
                first.path("seq").asText(),
                first.path("at").asText()));
    server.send(server.event("c45", now.minusSeconds(30), "'usage':0.5" + minutes));
    List<JsonNode> costs = server.awaitCosts("c45", 3);
    sameAmount("c45 total", "0.05", CostServer.sum(costs, "amount").toPlainString());
    List<String> amounts =
        costs.stream().map(each -> each.path("amount").asText()).sorted().toList();
    same("c45 amounts", "[-0.5, 0.05, 0.5]", amounts.toString());
  }

  /** How far the times of a case are moved: by whole days, since some prices are by the hour. */
  private Duration move(JsonNode events) {
    Instant latest = Instant.EPOCH;
    for (JsonNode each : events) {
      if (each.has("at")) {
        Instant at = Instant.parse(each.path("at").asText());
        latest = at.isAfter(latest) ? at : latest;
      }
    }
    boolean isTaken =
        latest.equals(Instant.EPOCH)
            || (latest.isBefore(now) && latest.isAfter(now.minus(Duration.ofDays(390))));
    return isTaken
        ? Duration.ZERO
        : Duration.ofDays(Duration.between(latest, now.minus(Duration.ofDays(30))).toDays());
  }

  private static ArrayNode moved(JsonNode rows, Duration move) {
    ArrayNode moved = CostServer.JSON.createArrayNode();
    for (JsonNode row : rows) {
      ObjectNode copy = row.deepCopy();
      for (String name : List.of("validFrom", "validTo")) {
        if (copy.has(name)) {
          copy.put(name, Instant.parse(copy.path(name).asText()).plus(move).toString());
        }
      }
      moved.add(copy);
    }
    return moved;
  }

  private void same(String what, Object expected, Object found) {
    values++;
    if (!expected.toString().equals(found.toString())) {
      wrong.add(what + ": " + expected + ", found " + found);
    }
  }

  private void sameAmount(String what, String expected, String found) {
    values++;
    boolean isSame =
        found.matches("-?[0-9.]+")
            && new BigDecimal(expected).compareTo(new BigDecimal(found)) == 0;
    if (!isSame) {
      wrong.add(what + ": " + expected + ", found " + found);
    }
  }
}
