package io.billingsdk.server.performance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random records in any order, and what they add up to by the client that sent them. */
final class RollupWorld implements AutoCloseable {
  private static final String BASE = "/api/analytics";
  private static final int TRIES = 50;
  private static final List<String> STEPS = List.of("cut", "render", "upload", "check");

  final HttpTestbed http;
  final List<Use> uses = new ArrayList<>();
  final Map<String, Timed> steps = new TreeMap<>();
  private final Random random;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final List<String> sent = new ArrayList<>();
  private int number;
  int duplicates;
  int corrections;

  RollupWorld(Path directory, Random random) {
    this.http = new HttpTestbed(directory);
    this.random = random;
    http.startCosts();
  }

  /** A use that the client has sent, and its price for a unit; null without one. */
  static final class Use {
    final String id;
    final String user;
    final String service;
    final Instant at;
    BigDecimal quantity;

    Use(String id, String user, String service, Instant at, BigDecimal quantity) {
      this.id = id;
      this.user = user;
      this.service = service;
      this.at = at;
      this.quantity = quantity;
    }

    BigDecimal cost() {
      return quantity.multiply(
          switch (service) {
            case "whisper" -> new BigDecimal("0.006");
            case "google_video_ai" -> new BigDecimal("0.1");
            case "s3" -> new BigDecimal("0.01");
            default -> new BigDecimal("0.5");
          });
    }
  }

  /** A step that the client has sent. */
  record Timed(String id, String step, Instant at, long millis) {}

  private Instant time() {
    Duration back =
        random.nextInt(4) == 0
            ? Duration.ofSeconds(random.nextInt(364 * 86_400))
            : Duration.ofSeconds(random.nextInt(7_200));
    return now.minus(back);
  }

  private String use() {
    String[][] services = {
      {"whisper", "minutes"}, {"google_video_ai", "minutes"}, {"s3", "GB"}, {"mystery", "calls"}
    };
    String[] service = services[random.nextInt(services.length)];
    Use use =
        new Use(
            "u-" + number++,
            "user-" + random.nextInt(7),
            service[0],
            time(),
            new BigDecimal(random.nextInt(1, 10_000)).movePointLeft(random.nextInt(3)));
    uses.add(use);
    return """
    {"record_id":"%s","user_id":"%s","service":"%s","operation":"op-%d","quantity":%s,
     "unit":"%s","started_at":"%s","duration":%d}
    """
        .formatted(
            use.id,
            use.user,
            use.service,
            random.nextInt(3),
            use.quantity.toPlainString(),
            service[1],
            use.at,
            random.nextInt(5_000));
  }

  private String step() {
    long millis = Math.round(Math.exp(random.nextGaussian() * 1.5 + 6));
    String id = "s-" + number++;
    Timed step = new Timed(id, STEPS.get(random.nextInt(STEPS.size())), time(), millis);
    steps.put(id, step);
    return """
    {"record_id":"%s","execution_id":"e-%d","task_type":"video_generation","step_name":"%s",
     "started_at":"%s","duration":%d,"status":"%s"}
    """
        .formatted(
            id,
            random.nextInt(50),
            step.step(),
            step.at(),
            millis,
            random.nextInt(9) == 0 ? "failed" : "success");
  }

  /** Sends so many new records of each kind, and some that came before, in any order. */
  void send(int each) {
    send("cost", each, this::use);
    send("performance", each, this::step);
  }

  private void send(String kind, int count, java.util.function.Supplier<String> record) {
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String body = record.get();
      bodies.add(body);
      sent.add(kind + " " + body);
    }
    for (int i = 0; i < count / 5; i++) {
      String[] earlier = sent.get(random.nextInt(sent.size())).split(" ", 2);
      if (earlier[0].equals(kind)) {
        bodies.add(earlier[1]);
        duplicates++;
      }
    }
    Collections.shuffle(bodies, random);
    post(BASE + "/" + kind + "/records", "[" + String.join(",", bodies) + "]");
  }

  /** Until it is taken in: an answer that was lost is no reason to count twice. */
  JsonNode post(String path, String body) {
    Reply reply = http.send("POST", path, http.writeToken(), body);
    for (int i = 1; i < TRIES && reply.status() >= 500; i++) {
      reply = http.send("POST", path, http.writeToken(), body);
    }
    assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
    assertThat(reply.json().path("rejected").asInt()).as(reply.body()).isZero();
    assertThat(reply.json().path("conflicts").asInt()).as(reply.body()).isZero();
    return reply.json();
  }

  /** Brings some records to other amounts. */
  void correct(int count) {
    for (int i = 0; i < count; i++) {
      Use use = uses.get(random.nextInt(uses.size()));
      use.quantity = BigDecimal.valueOf(random.nextInt(500));
      correct(use.id, use.quantity);
      Timed step = List.copyOf(steps.values()).get(random.nextInt(steps.size()));
      long millis = random.nextInt(100_000);
      steps.put(step.id(), new Timed(step.id(), step.step(), step.at(), millis));
      correct(step.id(), BigDecimal.valueOf(millis));
      corrections += 2;
    }
  }

  private void correct(String record, BigDecimal usage) {
    String event =
        http.database()
            .read(
                handle ->
                    handle
                        .createQuery(
                            "SELECT json_build_object('stream', s.uuid, 'seq', e.seq, 'occurredAt',"
                                + " to_char(e.occurred_at, 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))"
                                + " ::text AS event FROM usage_event e"
                                + " JOIN stream s USING (stream_id)"
                                + " WHERE e.metadata->>'record_id' = :id AND e.stream_id <> 0")
                        .bind("id", record)
                        .map(ResultRow.to(row -> row.text("event")))
                        .one());
    String body =
        event.substring(0, event.length() - 1)
            + ",\"usage\":\""
            + usage.toPlainString()
            + "\",\"reason\":\"counted wrongly\"}";
    post("/api/v1/corrections", body);
  }

  void work() throws Exception {
    http.makeCosts();
    for (var each : http.analyticsJobs()) {
      each.run();
    }
  }

  /** Gives the service without a price one, and prices all that was unknown. */
  void priceTheUnknown() {
    String file =
        """
        {"version":1,"prices":[{"provider":"mystery","model":"mystery","currency":"USD",
          "source":"test","checkedOn":"2026-01-01",
          "prices":{"requests":{"price":"0.5","per":"call"}}}]}
        """;
    JsonNode plan = post("/api/v1/prices/plan", "{\"file\":" + file + "}");
    post(
        "/api/v1/prices/import",
        "{\"file\":%s,\"fingerprint\":\"%s\",\"accept\":[],\"reason\":\"new\"}"
            .formatted(file, plan.path("fingerprint").asText()));
    String path = "/api/v1/costs/reratings";
    JsonNode dry = post(path, "{\"unknownOnly\":true,\"dryRun\":true}");
    post(
        path,
        "{\"unknownOnly\":true,\"fingerprint\":\"%s\",\"reason\":\"priced\"}"
            .formatted(dry.path("fingerprint").asText()));
  }

  /** All rows of the sums and sketches, as bytes. */
  String contents() {
    return http.database()
        .read(
            handle ->
                handle
                    .createQuery(
                        "SELECT coalesce((SELECT string_agg(s::text, E'\\n' ORDER BY s::text)"
                            + " FROM analytics_sum s), '') || E'\\n--\\n' ||"
                            + " coalesce((SELECT string_agg(p::text, E'\\n' ORDER BY p::text)"
                            + " FROM performance_sketch p), '') AS contents")
                    .map(ResultRow.to(row -> row.text("contents")))
                    .one());
  }

  @Override
  public void close() {
    http.close();
  }
}
