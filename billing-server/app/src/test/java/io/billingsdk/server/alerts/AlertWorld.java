package io.billingsdk.server.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Records that cost something, and alerts by a clock that stands until a test moves it. */
final class AlertWorld implements InstantSource, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final HttpTestbed http;
  private Instant now = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(12));
  private int number;
  int kills;

  AlertWorld(Path directory) {
    this.http = new HttpTestbed(directory);
    http.startCosts();
  }

  @Override
  public Instant instant() {
    return now;
  }

  void set(Instant moment) {
    now = moment;
  }

  JsonNode ask(String method, String path, String body) {
    Reply reply = http.send(method, path, http.writeToken(), body.isEmpty() ? null : body);
    assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
    return reply.json();
  }

  /** The status of a refusal. */
  Reply refused(String path, String body) {
    return http.send("PUT", path, http.writeToken(), body.replace('\'', '"'));
  }

  void put(String path, String body) {
    var unused = ask("PUT", "/api/v1/" + path, body.replace('\'', '"'));
  }

  /** Uses that cost 0.10 USD a minute, now by the clock. */
  void use(String operation, String user, int minutes, int count) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          """
          {"record_id":"r-%d","user_id":"%s","service":"google_video_ai","operation":"%s",
           "execution_id":"of-%s","quantity":%d,"unit":"minutes","started_at":"%s"}
          """
              .formatted(++number, user, operation, operation, minutes, now));
    }
    String body = "[" + String.join(",", records) + "]";
    JsonNode answer = ask("POST", "/api/analytics/cost/records", body);
    assertThat(answer.path("rejected").asInt()).as(answer.toString()).isZero();
    http.makeCosts();
  }

  /** As a server does that has just started. */
  void judge() {
    new AlertJob(http.database(), this).run();
  }

  /**
   * Judges, and kills the session of the database that waits for a lock of this then.
   *
   * @param lock a statement whose lock the judge meets
   */
  void judgeAndKill(String lock) throws SQLException {
    CompletableFuture<Void> run;
    DatabaseAddress owner = http.world().owner();
    try (Connection held =
            DriverManager.getConnection(owner.url(), owner.user(), owner.password());
        Statement statement = held.createStatement()) {
      held.setAutoCommit(false);
      statement.execute(lock);
      run = CompletableFuture.runAsync(this::cutOff);
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .atMost(PATIENCE)
          .until(
              () ->
                  http.world()
                          .count(
                              "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                  + " WHERE datname = current_database()"
                                  + " AND wait_event_type = 'Lock'")
                      > 0);
      kills++;
    }
    run.join();
  }

  private void cutOff() {
    try {
      judge();
    } catch (RuntimeException hit) {
      assertThat(hit).hasStackTraceContaining("terminating connection");
      return;
    }
    throw new AssertionError("the kill did not hit");
  }

  /** How often something was said about somebody by a rule. */
  long said(String what, String rule, String about) {
    try {
      return http.world()
          .count(
              ("SELECT count(*) FROM outbox_event WHERE kind = 'cost.alert_%s'"
                      + " AND payload->>'rule' = '%s' AND payload->>'about' = '%s'")
                  .formatted(what, rule, about));
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  JsonNode budget(String name) {
    for (JsonNode each : ask("GET", "/api/v1/budgets", "").path("items")) {
      if (each.path("rule").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError("no budget " + name);
  }

  @Override
  public void close() {
    http.close();
  }
}
