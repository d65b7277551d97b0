package io.billingsdk.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.ingest.Collector;
import io.billingsdk.server.ingest.LightProducer;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.tail.LiveTail.Subscription;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import io.billingsdk.server.tail.TailItem;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A key in places where none belongs, in all that is sent: it is in nothing that is kept. */
class KeyMaskingTest extends KeyMaskingFixture {
  /** Where in an event it stands. */
  private static final int PLACES = 5;

  private static final Set<String> FINE = Set.of("TRACE", "DEBUG");
  private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

  private long planted;
  private final StringBuilder shown = new StringBuilder();

  /** The key as text within JSON, in each form in which somebody may have it. */
  private List<String> forms() {
    String text = key.text();
    return List.of(
        text,
        escaped(text),
        escaped(text).replace("\\", "\\\\"),
        "Bearer " + text + ", please",
        percent(text),
        "Basic " + base64("user:" + text),
        "{\\\"api_key\\\":\\\"" + text + "\\\"}");
  }

  /** Objects with the key under a name, beside what makes an event good in one of the forms. */
  private List<String> events(String name, boolean wire) {
    List<String> events = new ArrayList<>();
    for (String form : forms()) {
      String value = "\"" + form + "\"";
      events.add(event(wire, name, value));
      events.add(event(wire, name, "{\"a\":[" + value + "]}"));
      events.add(event(wire, "metadata", "{\"" + name + "\":" + value + "}"));
      events.add(event(wire, "metadata", "{\"a\":{\"" + form + "\":1}}"));
      events.add(event(wire, form, "\"" + name + "\""));
      planted += PLACES;
    }
    return events;
  }

  private void overHttp() {
    for (String name : NAMES) {
      List<String> events = events(name, /* wire= */ false);
      // By themselves those of the plain form; the others together.
      for (String each : events.subList(0, PLACES)) {
        post("/api/v1/events", "application/json", each);
        post("/api/v1/events", HttpTestbed.CLOUD_EVENT, envelope(name, each));
      }
      String list = String.join(",", events);
      post(
          "/api/v1/events/batch", "application/json", "{\"events\":[[" + list + "]," + list + "]}");
      post("/api/v1/events/batch", HttpTestbed.CLOUD_EVENTS, "[" + list + "]");
      post(
          "/api/v1/events/stream",
          "application/x-ndjson",
          String.join("\n", events) + "\n{" + list);
      // As conflicts.
      post("/api/v1/events", HttpTestbed.CLOUD_EVENT, envelope("same", events.get(2)));
    }
    String plain = event(/* wire= */ false, "usage", "1");
    for (String form : List.of(key.text(), percent(key.text()), base64(key.text()))) {
      post("/api/v1/events", "application/json", plain, "Idempotency-Key", form);
      post(
          "/api/v1/events", "application/json", plain.replace("1}", "2}"), "Idempotency-Key", form);
      post(
          "/api/v1/events/batch",
          "application/json",
          "{\"events\":[" + plain + "]}",
          "Idempotency-Key",
          form);
      for (String name : List.of("ce-source", "ce-id", "ce-type", "ce-subject", "ce-apikey")) {
        post("/api/v1/events", "application/json", plain, headers(name, form));
      }
      post("/api/v1/events?key=" + form, "application/json", plain);
      post("/api/v1/events?" + form + "=1", "application/json", plain);
      post(
          "/api/v1/apps",
          "application/json",
          "{\"appId\":\"" + form + "\",\"name\":\"x\"}",
          "Idempotency-Key",
          form);
      post("/api/v1/apps", "application/json", "{\"" + form + "\":\"x\"}");
      post("/api/v1/keys/" + form + "/block", "application/json", "{\"reason\":\"x\"}");
      post(
          "/api/v1/keys/" + key.keyId() + "/block",
          "application/json",
          "{\"reason\":\"" + form + "\"}");
      answers.append(http.get("/api/v1/usage?appId=" + form).body());
      answers.append(http.get("/api/v1/apps/" + form).body());
    }
  }

  private String envelope(String id, String data) {
    String extension = "\"x" + id.toLowerCase(java.util.Locale.ROOT) + "\":\"" + key.text() + "\"";
    return "{\"specversion\":\"1.0\",\"type\":\"u\",\"source\":\"/s\",\"id\":\""
        + id
        + "\","
        + extension
        + ",\"data\":"
        + data
        + "}";
  }

  private void overMqtt() throws Exception {
    String prefix = http.world().prefix();
    try (Collector collector =
            new Collector(
                http.database(),
                Testbed.get().broker("collector"),
                prefix + "-collector",
                prefix,
                http.tail());
        LightProducer producer =
            new LightProducer(Testbed.get().broker("sdk"), prefix, "instance-1")) {
      collector.start();
      await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
      UUID stream = UUID.randomUUID();
      long seq = 0;
      for (String name : NAMES) {
        List<String> numbered = new ArrayList<>();
        for (String each : events(name, /* wire= */ true)) {
          numbered.add("{\"seq\":" + ++seq + "," + each.substring(1));
          publish(producer, prefix + "/report", each);
        }
        String batch = String.join(",", numbered);
        publish(producer, prefix + "/v2/instance-1/usage", batch(stream, batch));
        // The same numbers with another content.
        String other = batch.replace("\"usage\":1", "\"usage\":2");
        publish(producer, prefix + "/v2/instance-1/usage", batch(stream, other));
        publish(producer, prefix + "/v2/" + key.text() + "/usage", batch(stream, batch));
        publish(producer, prefix + "/report", "{\"" + name + "\":\"" + key.text());
      }
      UUID last = UUID.randomUUID();
      publish(
          producer,
          prefix + "/v2/instance-1/usage",
          batch(last, "{\"seq\":1," + event(/* wire= */ true, "usage", "1").substring(1)));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  http.world().count("SELECT count(*) FROM stream WHERE uuid = '" + last + "'")
                      == 1);
    }
  }

  private static String batch(UUID stream, String events) {
    return "{\"stream\":\"" + stream + "\",\"sent_at\":1,\"events\":[" + events + "]}";
  }

  private static void publish(LightProducer producer, String topic, String message) {
    producer.publish(topic, message.getBytes(StandardCharsets.UTF_8));
  }

  /** What the server logs, at every level; what others log at levels that are on by default. */
  private static String logged(LogCapture logs) {
    StringBuilder ours = new StringBuilder();
    boolean isOurs = true;
    for (String line : logs.text().split("\n", -1)) {
      String[] parts = line.split(" \\| ", 3);
      if (LEVELS.contains(parts[0]) && parts.length > 1) {
        // A line that begins with no level belongs to the one before it.
        isOurs = !FINE.contains(parts[0]) || parts[1].startsWith("io.billingsdk");
      }
      if (isOurs) {
        ours.append(line).append('\n');
      }
    }
    return ours.toString();
  }

  private void read() {
    for (String path :
        List.of("rejected", "conflicting", "events", "audit", "streams", "instances")) {
      String next = "?limit=1000";
      while (!next.isEmpty()) {
        Reply page = http.get("/api/v1/" + path + next);
        answers.append(page.body()).append('\n');
        String cursor = page.json().path("next").asText("");
        next = cursor.isEmpty() ? "" : "?limit=1000&cursor=" + cursor;
      }
    }
  }

  @Test
  void key_whereNoneBelongs_isKeptShownAndLoggedNowhere() throws Exception {
    String log;
    try (LogCapture logs = LogCapture.start("sun", "jdk", "javax", "org.postgresql")) {
      Subscription watching = http.tail().subscribe(TailFilter.ALL).orElseThrow();
      overHttp();
      overMqtt();
      read();
      for (TailItem item = watching.poll(Duration.ofSeconds(1));
          item != null;
          item = watching.poll(Duration.ofMillis(200))) {
        shown.append(new String(Json.bytes(item), StandardCharsets.UTF_8)).append('\n');
      }
      watching.close();
      log = logged(logs);
    }
    long database = 0;
    long rows = 0;
    for (String table : tables()) {
      rows += http.world().count("SELECT count(*) FROM " + table);
      for (String needle : needles()) {
        database +=
            http.world()
                .count(
                    "SELECT count(*) FROM "
                        + table
                        + " AS t WHERE position('"
                        + needle
                        + "' IN t::text) > 0");
      }
    }
    assertThat(http.world().count("SELECT count(*) FROM rejected_event")).isPositive();
    assertThat(http.world().count("SELECT count(*) FROM conflicting_event")).isPositive();
    assertThat(http.world().count("SELECT count(*) FROM usage_event")).isPositive();
    assertThat(shown.length()).isPositive();
    Proof.of("key-masking")
        .with("names", NAMES.size())
        .with("forms", forms().size())
        .with("planted", planted)
        .with("tables", tables().size())
        .with("rows", rows)
        .with("in_database", database)
        .with("in_answers", found(answers.toString()))
        .with("in_tail", found(shown.toString()))
        .with("in_logs", found(log))
        .print();
    assertThat(database).isZero();
    assertThat(needles()).noneMatch(answers.toString()::contains);
    assertThat(needles()).noneMatch(shown.toString()::contains);
    assertThat(needles()).noneMatch(log::contains);
  }
}
