package io.billingsdk.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.ingest.DetailedEvents.DetailedEvent;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several quantities of an event, from each way in to each way out. */
@Tag("postgres")
class QuantitiesTest {
  private static final long SEED = Long.getLong("quantities.seed", System.nanoTime());
  private static final int EACH = 160;
  private static final int SINGLES = 32;
  private static final String EVENTS = "/api/v1/events";
  private static final String EVENTS_BATCH = EVENTS + "/batch";
  private static final String CLOUD_EVENTS = "application/cloudevents-batch+json";
  private static final String NDJSON = "application/x-ndjson";

  @TempDir Path directory;

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private final DetailedEvents events = new DetailedEvents(SEED);
  private final BlockingQueue<Receipt> receipts = new LinkedBlockingQueue<>();
  private HttpTestbed http;
  private Database database;
  private Collector collector;
  private LightProducer producer;

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory);
    World world = http.world();
    database = world.database();
    KeyAdmin keys = new KeyAdmin(database, null);
    keys.createApp("acme", "Acme");
    keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    Testbed testbed = Testbed.get();
    collector =
        new Collector(
            database, testbed.broker("collector"), world.prefix() + "-collector", world.prefix());
    collector.start();
    await().atMost(Duration.ofSeconds(30)).until(collector::isUp);
    producer = new LightProducer(testbed.broker("sdk"), world.prefix(), "instance-1");
    producer.onReceipt(receipts::add);
  }

  @AfterEach
  void stop() {
    producer.close();
    collector.close();
    database.close();
    http.close();
  }

  private Receipt overV2(List<DetailedEvent> sent) throws InterruptedException {
    String numbered =
        IntStream.range(0, sent.size())
            .mapToObj(i -> sent.get(i).v2(i + 1, now.toEpochMilli()))
            .collect(Collectors.joining(","));
    String batch =
        "{\"stream\":\"%s\",\"sent_at\":%d,\"events\":[%s]}"
            .formatted(producer.stream(), now.toEpochMilli(), numbered);
    producer.send(batch.getBytes(StandardCharsets.UTF_8));
    Receipt receipt = receipts.poll(30, TimeUnit.SECONDS);
    assertThat(receipt).as("a receipt").isNotNull();
    return receipt;
  }

  @Test
  void repeat_thatDiffersInAQuantityOrInWhoUsedIt_isAConflict_andChangesNothing() throws Exception {
    DetailedEvent first = events.next(16).get(1);
    overV2(List.of(first));
    Map<String, BigDecimal> more = new HashMap<>(first.quantities());
    more.replaceAll((name, amount) -> BigDecimal.ONE.subtract(amount.min(BigDecimal.ONE)));
    List<DetailedEvent> others =
        List.of(
            first.with(more, first.subject()),
            first.with(Map.of(), first.subject()),
            first.with(first.quantities(), "another"));
    for (DetailedEvent each : others) {
      Receipt receipt = overV2(List.of(each));
      assertThat(receipt.rejected())
          .singleElement()
          .satisfies(refused -> assertThat(refused.code()).isEqualTo("CONFLICT"));
    }
    assertThat(http.world().count("SELECT count(*) FROM usage_event")).isOne();
    assertThat(
            http.world().count("SELECT count(*) FROM conflicting_event WHERE content ? 'subject'"))
        .isEqualTo(others.size());
  }

  private static String batch(List<DetailedEvent> sent) {
    return "{\"events\":["
        + sent.stream()
            .map(e -> e.json(/* texts= */ true).put("idempotencyKey", e.model()).toString())
            .collect(Collectors.joining(","))
        + "]}";
  }

  private static String lines(List<DetailedEvent> sent) {
    return sent.stream()
        .map(each -> each.json(/* texts= */ false) + "\n")
        .collect(Collectors.joining());
  }

  /** With the subject in the envelope. */
  private static String cloudEvents(List<DetailedEvent> sent) {
    return sent.stream()
        .map(
            each ->
                "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"/s\",\"type\":\"usage\",\"subject\":\"%s\",\"data\":%s}"
                    .formatted(
                        each.model(),
                        each.subject(),
                        each.json(/* texts= */ false).without("subject")))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private JsonNode sent(int status, String path, String body, String... headers) {
    Reply reply = http.send("POST", path, http.writeToken(), body, headers);
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    return reply.contentType().startsWith(NDJSON) ? MissingNode.getInstance() : reply.json();
  }

  private JsonNode read(String path) {
    Reply reply =
        http.get(path + "&from=" + now.minusSeconds(3_600) + "&to=" + now.plusSeconds(3_600));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private int wrongSumsOverHttp(String subject) {
    String filter =
        subject.isEmpty() ? "" : "&subject=" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    JsonNode totals =
        read(
            "/api/v1/usage?bucket=all&quantity=" + String.join(",", DetailedEvents.NAMES) + filter);
    assertThat(totals.path("source").asText()).isEqualTo("events");
    int wrong = 0;
    for (String name : DetailedEvents.NAMES) {
      BigDecimal sum =
          new BigDecimal(totals.path("items").path(0).path("quantities").path(name).textValue());
      wrong += sum.compareTo(events.sum(name, subject)) == 0 ? 0 : 1;
    }
    return wrong;
  }

  private long wrongSumsInTheLedger() throws SQLException {
    long wrong = 0;
    for (String name : DetailedEvents.NAMES) {
      wrong +=
          http.world()
              .count(
                  "SELECT count(*) FROM (SELECT sum((quantities->>'%s')::numeric) AS sum FROM usage_event) AS s WHERE sum IS DISTINCT FROM %s"
                      .formatted(name, events.sum(name, "").toPlainString()));
    }
    return wrong;
  }

  private long shownAsSent() {
    Map<String, DetailedEvent> byModel = new HashMap<>();
    events.all().forEach(each -> byModel.put(each.model(), each));
    long right = 0;
    String cursor = "";
    do {
      JsonNode page = read(EVENTS + "?limit=200" + cursor);
      for (JsonNode each : page.path("items")) {
        DetailedEvent said = byModel.get(each.path("model").asText());
        right += said != null && said.isShownAs(each) ? 1 : 0;
      }
      cursor =
          page.has("next")
              ? "&cursor=" + URLEncoder.encode(page.path("next").asText(), StandardCharsets.UTF_8)
              : "";
    } while (!cursor.isEmpty());
    return right;
  }

  @Test
  void events_with1To16Quantities_byEachWayIn_areStoredShownAndSummedExactly() throws Exception {
    List<DetailedEvent> overMqtt = events.next(EACH);
    Receipt receipt = overV2(overMqtt);
    assertThat(receipt.rejected()).isEmpty();
    for (DetailedEvent each : events.next(SINGLES)) {
      sent(201, EVENTS, each.json(/* texts= */ true).toString());
    }
    List<DetailedEvent> inABatch = events.next(EACH);
    assertThat(sent(200, EVENTS_BATCH, batch(inABatch)).path("stored").asInt()).isEqualTo(EACH);
    sent(200, EVENTS + "/stream", lines(events.next(EACH)), "Content-Type", NDJSON);
    List<DetailedEvent> enveloped = events.next(EACH);
    String envelopes = cloudEvents(enveloped);
    JsonNode first = sent(200, EVENTS_BATCH, envelopes, "Content-Type", CLOUD_EVENTS);
    assertThat(first.path("stored").asInt()).as(first.toString()).isEqualTo(EACH);

    long stored = http.world().count("SELECT count(*) FROM usage_event");
    long shown = shownAsSent();
    assertThat(stored).isEqualTo(events.all().size());
    assertThat(shown).isEqualTo(stored);
    assertThat(wrongSumsInTheLedger()).isZero();
    assertThat(wrongSumsOverHttp("")).isZero();
    List<String> subjects = events.all().stream().map(DetailedEvent::subject).distinct().toList();
    assertThat(subjects).hasSize(5).allSatisfy(e -> assertThat(wrongSumsOverHttp(e)).isZero());

    Receipt again = overV2(overMqtt);
    JsonNode batchAgain = sent(200, EVENTS_BATCH, batch(inABatch));
    JsonNode envelopesAgain = sent(200, EVENTS_BATCH, envelopes, "Content-Type", CLOUD_EVENTS);
    long duplicates =
        again.duplicates().stream().mapToLong(r -> r.last() - r.first() + 1).sum()
            + batchAgain.path("duplicates").asLong()
            + envelopesAgain.path("duplicates").asLong();
    assertThat(duplicates).isEqualTo(3L * EACH);
    assertThat(http.world().count("SELECT count(*) FROM usage_event")).isEqualTo(stored);
    Proof.of("quantities")
        .with("seed", SEED)
        .with("events", stored)
        .with("quantities_each", "1-16")
        .with("ways", "v2,http,batch,lines,cloudevents")
        .with("shown_as_sent", shown)
        .with("sums", DetailedEvents.NAMES.size() * (2 + subjects.size()))
        .with("wrong_sql", 0)
        .with("wrong_http", 0)
        .with("sent_again", 3 * EACH)
        .with("duplicates", duplicates)
        .print();
  }
}
