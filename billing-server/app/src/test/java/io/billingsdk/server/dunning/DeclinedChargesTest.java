package io.billingsdk.server.dunning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.dunning.ChargeAttempts.AttemptOutcome;
import io.billingsdk.server.dunning.ChargeAttempts.Declined;
import io.billingsdk.server.dunning.ChargeAttempts.Pending;
import io.billingsdk.server.dunning.ChargeAttempts.Succeeded;
import io.billingsdk.server.dunning.RetryCase.CaseState;
import io.billingsdk.server.dunning.RetryCases.Decline;
import io.billingsdk.testbed.Await;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Declined charges are tried again by rule, or never, or when a person says so. */
@Tag("postgres")
class DeclinedChargesTest {
  private static final AttemptOutcome NO = new Declined(DeclineKind.TEMPORARY, "try_again");

  @TempDir Path directory;

  private DunningWorld world;
  private RetryCases cases;

  @BeforeEach
  void start() {
    world = new DunningWorld(directory);
    cases = world.cases;
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void hardDecline_isNeverTriedAgain_alsoByAPerson_untilAnotherMethodIsSaved() {
    world.answering((number, attempt) -> new Succeeded());
    String number = world.invoice("c", "JPY", "5000", "2026-12-01");
    world.decline(number, "c", DeclineKind.HARD);
    for (int i = 2; i < 28; i++) {
      world.day("c", "2026-12-%02d".formatted(i));
    }
    assertThat(world.charges.calls).isEmpty();
    assertThatThrownBy(() -> cases.retryNow(number, "please")).hasMessageContaining("save another");
    cases.methodSaved("c");
    world.day("c", "2026-12-28");
    assertThat(world.charges.calls).containsExactly(number + "/2");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.RECOVERED);
    assertThat(world.payments.open("c")).isEmpty();
  }

  @Test
  void stop_byAPerson_lasts_andIsInTheAuditLogWithItsReason() {
    world.answering((number, attempt) -> NO);
    String number = world.invoice("c", "KWD", "12.345", "2026-12-01");
    world.decline(number, "c", DeclineKind.FUNDS);
    assertThat(cases.require(number).nextOn()).isEqualTo("2026-12-02");
    RetryCase stopped = cases.stop(number, "pays by transfer");
    assertThat(stopped.state()).isEqualTo(CaseState.STOPPED);
    cases.methodSaved("c");
    cases.declined(new Decline(number, "c", 2, DeclineKind.FUNDS, "code"));
    for (int i = 2; i < 28; i++) {
      world.day("c", "2026-12-%02d".formatted(i));
    }
    assertThat(world.charges.calls).isEmpty();
    assertThat(cases.require(number).state()).isEqualTo(CaseState.STOPPED);
    assertThatThrownBy(() -> cases.retryNow(number, "no")).hasMessageContaining("stopped");
    assertThat(audited("dunning.stop")).contains("pays by transfer");
  }

  @Test
  void method_thatIsSavedWhileAPersonStops_beginsNothingAgain() {
    String number = world.invoice("c", "USD", "100", "2026-12-01");
    world.decline(number, "c", DeclineKind.METHOD);
    Database database = world.payments.database;
    CompletableFuture<Void> saved =
        database.inTransaction(
            handle -> {
              RetryCase found = CaseRows.lock(handle, number).orElseThrow();
              CompletableFuture<Void> other =
                  CompletableFuture.runAsync(() -> cases.methodSaved("c"));
              Await.until(() -> isWaitedFor(database));
              CaseRows.store(handle, found.with(CaseState.STOPPED, null, "pays by transfer"));
              return other;
            });
    saved.join();
    assertThat(cases.require(number).state()).isEqualTo(CaseState.STOPPED);
  }

  private static boolean isWaitedFor(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
                      WHERE NOT l.granted AND a.datname = current_database())
                    """)
                .mapTo(Boolean.class)
                .one());
  }

  private String audited(String action) {
    return world.payments.database.read(
        handle ->
            handle
                .createQuery("SELECT after::text FROM audit_log WHERE action = :action")
                .bind("action", action)
                .mapTo(String.class)
                .one());
  }

  @Test
  void pending_waitsForItsEvent_andTheSameDeclineTwice_countsOnce() {
    world.answering((number, attempt) -> new Pending("processing"));
    String number = world.invoice("c", "USD", "100", "2026-12-01");
    world.decline(number, "c", DeclineKind.FUNDS);
    world.decline(number, "c", DeclineKind.FUNDS);
    assertThat(world.events(RetryCases.FAILED, "c")).isOne();
    world.day("c", "2026-12-02");
    world.day("c", "2026-12-05");
    assertThat(world.charges.calls).containsExactly(number + "/2");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.PENDING);
    cases.declined(new Decline(number, "c", 2, DeclineKind.FUNDS, "returned"));
    cases.declined(new Decline(number, "c", 2, DeclineKind.FUNDS, "returned"));
    assertThat(cases.require(number).nextOn()).isEqualTo("2026-12-05");
    assertThat(world.events(RetryCases.FAILED, "c")).isEqualTo(2);
  }

  @Test
  void attempt_whoseServerDied_isMadeAgainUnderItsNumber() {
    String number = world.invoice("c", "USD", "100", "2026-12-01");
    world.decline(number, "c", DeclineKind.FUNDS);
    world.answering(
        (invoice, attempt) -> {
          if (world.charges.calls.size() == 1) {
            throw new IllegalStateException("killed");
          }
          return new Succeeded();
        });
    world.day("c", "2026-12-02");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.CHARGING);
    world.day("c", "2026-12-03");
    assertThat(world.charges.calls).containsExactly(number + "/2", number + "/2");
    assertThat(cases.require(number).state()).isEqualTo(CaseState.RECOVERED);
  }
}
