package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The rules that the documentation shows, over what a running server says of itself: the condition
 * of each is made true and untrue, by a real broker that dies, a PostgreSQL that is killed, a disk
 * that is full, producers that lose, lie and stay away. Not by waiting: the five minutes of a
 * silent stream are taken off its row, and each page counts as some minutes.
 */
class AlertsTest extends AlertsFixture {
  private static final String PROOF = "alerts";
  private static final String MISSING = "billing_streams_missing_numbers";
  private static final String AT_END = "billing_streams_missing_at_end_numbers";
  private static final String SILENT = "billing_streams_silent";
  private static final String WRITABLE = "billing_database_writable";
  private static final String NOT_STORED = "billing_collector_not_stored_seconds";
  private static final String WAITING = "billing_collector_messages_waiting";

  private final UUID stream = UUID.randomUUID();

  @Test
  void alerts_ofTheDocumentation_fireWhileTheirConditionIsTrue_andStop() throws Exception {
    shows(all -> is(all, "billing_up", 1) && is(all, WRITABLE, 1), MINUTES);
    timeline.fires("BillingCannotBeAsked", "before it was started", 0, MINUTES);
    timeline.isQuiet();
    brokerDies();
    try (HandMadeProducer producer = producer()) {
      producerIsRefused(producer);
      streamIsUsedByAnother(producer);
      tokensAreGuessed();
      eventIsParked();
      keyOfAProviderIsRefused();
      figureIsMissed("BillingBusinessFigureIsMissed", "churn", "last");
      figureIsMissed("BillingServiceFigureIsMissed", "billing_accuracy", "running");
      numbersAreMissing(producer);
      serviceIsKilled(producer);
      requestsFail();
      databaseIsKilled(producer);
      databaseStoresNothing(producer);
    }
    timeline.isQuiet();
    assertThat(timeline.shown()).isEqualTo(timeline.alerts());
    Optional<String> judged = timeline.judged(directory);
    assertThat(judged.orElse("")).as("%s", timeline).isEmpty();
    int all = timeline.alerts().size();
    Size.proof(PROOF)
        .with("alerts", all)
        .with("fired", judged.isPresent() ? timeline.shown().size() : "unknown")
        .with("stopped", judged.isPresent() ? timeline.shown().size() : "unknown")
        .with("conditions", timeline.phases())
        .with("scrapes", timeline.scrapes())
        .with("disk", disk == null ? "locked tables: a small disk wants root" : "full")
        .with("promtool", judged.isPresent() ? "ok" : "skipped: promtool is not installed")
        .with("names", String.join(",", timeline.shown()))
        .print();
  }

  private void brokerDies() throws Exception {
    fires(
        List.of("BillingTakesNothingIn"),
        "broker killed",
        broker::kill,
        all -> is(all, "billing_up", 0),
        broker::start,
        all -> is(all, "billing_up", 1));
  }

  private void producerIsRefused(HandMadeProducer producer) throws Exception {
    long tooOld = Duration.ofDays(401).toMillis();
    fires(
        List.of("BillingEventsAreRefused"),
        "an event of last year",
        () ->
            producer.batch(
                UUID.randomUUID(), System.currentTimeMillis() - tooOld, LongStream.of(1)),
        all -> is(all, "billing_collector_events_total{fate=\"rejected\"}", 1),
        () -> {},
        all -> true);
    fires(
        List.of("BillingMessagesCannotBeRead"),
        "nonsense",
        producer::nonsense,
        all -> is(all, "billing_collector_messages_malformed_total", 1),
        () -> {},
        all -> true);
  }

  private void eventIsParked() throws Exception {
    String parked = "billing_outbox_parked{subscriber=\"key-log\"}";
    fires(
        List.of("BillingEventIsParked"),
        "an event that its subscriber does not take",
        () ->
            execute(
                "WITH event AS (INSERT INTO outbox_event (event_id, kind, subject, payload, actor)"
                    + " VALUES (gen_random_uuid(), 'key.blocked', 'key/k_1', '{}', 'alerts')"
                    + " RETURNING position) INSERT INTO outbox_delivery (position, subscriber,"
                    + " subject, state) SELECT position, 'key-log', 'key/k_1', 'parked' FROM"
                    + " event"),
        all -> is(all, parked, 1),
        () -> execute("UPDATE outbox_delivery SET state = 'delivered'"),
        all -> is(all, parked, 0));
  }

  private void keyOfAProviderIsRefused() throws Exception {
    String metric = "billing_charges_needing_operator";
    fires(
        List.of("BillingChargesNeedOperator"),
        "a charge that a provider refuses for the key",
        () ->
            execute(
                "INSERT INTO charge (charge_id, intent, attempt, customer_id, provider, currency,"
                    + " amount, state, problem, created_at, changed_at) VALUES ('chg_1', 'int_1',"
                    + " 1, 'c', 'stripe', 'EUR', 1, 'needs_operator', '401', now(), now())"),
        all -> is(all, metric, 1),
        () ->
            execute(
                "UPDATE charge SET state = 'failed', decline_class = 'temporary' WHERE charge_id ="
                    + " 'chg_1'"),
        all -> is(all, metric, 0));
  }

  private void figureIsMissed(String alert, String figure, String month) throws Exception {
    String metric =
        "billing_business_figure_missed{figure=\"%s\",month=\"%s\"}".formatted(figure, month);
    String shown =
        "to_char((now() AT TIME ZONE 'UTC') - interval '%d month', 'YYYY-MM')"
            .formatted(month.equals("last") ? 1 : 0);
    fires(
        List.of(alert),
        "a figure below its target",
        () ->
            execute(
                "INSERT INTO business_figure VALUES (%s, '%s', '', 1, 2, 'missed', now())"
                        .formatted(shown, figure)
                    + " ON CONFLICT (month, figure, currency) DO UPDATE SET part = 1, whole = 2,"
                    + " state = 'missed'"),
        all -> is(all, metric, 1),
        () -> execute("UPDATE business_figure SET part = 2, state = 'met' WHERE part = 1"),
        all -> is(all, metric, 0));
  }

  private void streamIsUsedByAnother(HandMadeProducer producer) throws Exception {
    UUID theirs = UUID.randomUUID();
    String row = "stream WHERE uuid = '" + theirs + "'";
    fires(
        List.of("BillingStreamIsUsedByAnother"),
        "a stream of another instance",
        () -> {
          producer.batch(theirs, 1);
          awaitRows("SELECT count(*) FROM " + row);
          execute("UPDATE " + row.replace(" WHERE", " SET instance = 'another' WHERE"));
          producer.batch(theirs, 2);
        },
        all -> is(all, "billing_collector_strangers_total", 1),
        () -> {},
        all -> true);
  }

  private void tokensAreGuessed() throws Exception {
    fires(
        List.of("BillingTokensAreGuessed"),
        "forty tokens",
        () -> {
          // One that was good before is let in beside the guesses.
          assertThat(get("/api/v1/apps", token)).isEqualTo(200);
          for (int i = 0; i < 40; i++) {
            int status = get("/api/v1/apps", "guess-" + i);
            assertThat(status).isIn(401, 429);
          }
        },
        all -> value(all, "billing_http_throttled_total{limit=\"failed-logins\"}") > 0,
        () -> {},
        all -> true);
  }

  private void numbersAreMissing(HandMadeProducer producer) throws Exception {
    fires(
        List.of("BillingNumbersAreMissing"),
        "a number between others",
        () -> producer.batch(stream, 1, 3),
        all -> is(all, MISSING, 1) && is(all, AT_END, 0),
        () -> producer.batch(stream, 2),
        all -> is(all, MISSING, 0));
    fires(
        List.of("BillingNumbersAreMissing"),
        "numbers above the highest, as after a restore",
        () -> producer.hello(stream, 10, 0),
        all -> is(all, MISSING, 7) && is(all, AT_END, 7),
        () -> producer.batch(stream, 4, 5, 6, 7, 8, 9, 10),
        all -> is(all, MISSING, 0));
  }

  private void serviceIsKilled(HandMadeProducer producer) throws Exception {
    fires(
        List.of("BillingServiceIsSilentWithEvents"),
        "a service that was killed with two events",
        () -> {
          producer.hello(stream, 12, 2);
          awaitRows("SELECT count(*) FROM stream_hello WHERE pending = 2");
          execute("UPDATE stream SET last_seen = last_seen - interval '1 hour'");
          execute("UPDATE stream_hello SET said_at = said_at - interval '1 hour'");
        },
        all -> is(all, SILENT, 1) && is(all, MISSING, 0),
        () -> {
          int from = timeline.minutes();
          // The next process of the instance, without a journal of the one before.
          producer.hello(UUID.randomUUID(), 0, 0);
          shows(all -> is(all, SILENT, 0) && is(all, MISSING, 2), MINUTES);
          int until = timeline.minutes();
          producer.batch(stream, 11, 12);
          shows(all -> is(all, MISSING, 0), MINUTES);
          timeline.fires("BillingNumbersAreMissing", "what ended with its process", from, until);
        },
        all -> is(all, SILENT, 0));
  }

  private void requestsFail() throws Exception {
    int from = timeline.minutes();
    execute("REVOKE SELECT ON app FROM billing_server");
    for (int i = 0; i < 8; i++) {
      assertThat(get("/api/v1/apps", token)).isBetween(500, 599);
      timeline.add(page(), 2);
    }
    int until = timeline.minutes();
    execute("GRANT SELECT ON app TO billing_server");
    assertThat(get("/api/v1/apps", token)).isEqualTo(200);
    timeline.add(page(), MINUTES);
    timeline.fires("BillingRequestsFail", "a right was taken away", from, until);
  }

  private void databaseIsKilled(HandMadeProducer producer) throws Exception {
    long before = stored();
    fires(
        List.of("BillingDatabaseWasRestarted"),
        "kill -9 of PostgreSQL",
        () -> {
          Path pid = data.resolve("postgresql/data/postmaster.pid");
          long number = Long.parseLong(Files.readAllLines(pid).get(0).trim());
          assertThat(ProcessHandle.of(number).orElseThrow().destroyForcibly()).isTrue();
          producer.batch(UUID.randomUUID(), 1, 2, 3);
        },
        all -> is(all, "billing_database_restarts_total", 1),
        () -> awaitRows("SELECT 1 FROM usage_event HAVING count(*) = " + (before + 3)),
        all -> is(all, WRITABLE, 1) && is(all, WAITING, 0));
    assertThat(get("/api/v1/health/ready", null)).isEqualTo(200);
  }

  private void databaseStoresNothing(HandMadeProducer producer) throws Exception {
    long before = stored();
    List<AutoCloseable> outage = new ArrayList<>();
    fires(
        List.of("BillingIsNotStored", "BillingDatabaseCannotBeWritten", "BillingCollectorIsBehind"),
        "a full disk",
        () -> {
          outage.add(disk == null ? locked() : full(disk));
          UUID first = UUID.randomUUID();
          UUID second = UUID.randomUUID();
          for (int i = 0; i < 4; i++) {
            LongStream seqs = LongStream.range(1 + i * 250L, 251 + i * 250L);
            long[] numbers = seqs.toArray();
            producer.batch(first, numbers);
            producer.batch(second, numbers);
          }
          for (int i = 0; i < 150; i++) {
            producer.report();
          }
        },
        all -> is(all, WRITABLE, 0) && value(all, NOT_STORED) > 5 && value(all, WAITING) > 100,
        () -> {
          assertThat(get("/api/v1/health/ready", null)).isEqualTo(503);
          assertThat(get("/api/v1/health/live", null)).isEqualTo(200);
          outage.get(0).close();
          awaitRows("SELECT 1 FROM usage_event HAVING count(*) >= " + (before + 2_150));
        },
        all -> is(all, WRITABLE, 1) && is(all, WAITING, 0) && is(all, NOT_STORED, 0));
    assertThat(stored()).isEqualTo(before + 2_150);
    assertThat(get("/api/v1/health/ready", null)).isEqualTo(200);
  }
}
