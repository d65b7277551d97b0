package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checker sees each way in which a ledger can be wrong, on tables of a real PostgreSQL. */
final class CheckerTest {
  private static @Nullable Postgres postgres;
  private static @Nullable Connection database;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Postgres.whyNotInstalled().isEmpty());
    postgres = Postgres.start();
    database = postgres.connect();
  }

  @AfterAll
  static void stop() throws Exception {
    if (postgres != null) {
      postgres.close();
    }
  }

  @BeforeEach
  void createTables() throws Exception {
    sql("DROP TABLE IF EXISTS event", "CREATE TABLE event (id bigint, usage numeric)");
  }

  @Test
  void check_everyOwedEventOnce_holds() throws Exception {
    try (History history = history("DUR 1 .", "ACC 2 10 .")) {
      store(1, "2.25");
      store(2, "3.25");

      Verdict verdict = check(history, "5.50", Set.of());

      assertThat(verdict.holds()).isTrue();
      assertThat(verdict.owed()).isEqualTo(2);
      assertThat(verdict.durable()).isEqualTo(1);
    }
  }

  @Test
  void check_owedEventMissing_isLost() throws Exception {
    try (History history = history("DUR 1 .", "ACC 2 10 .")) {
      store(1, "2.25");

      assertThat(check(history, "2.25", Set.of()).lost()).isEqualTo(1);
      assertThat(check(history, "2.25", Set.of()).holds()).isFalse();
    }
  }

  @Test
  void check_missingEventWithDeadLetter_isNotLost() throws Exception {
    try (History history = history("DUR 1 .", "ACC 2 10 .")) {
      store(1, "2.25");

      assertThat(check(history, "2.25", Set.of(2L)).holds()).isTrue();
    }
  }

  @Test
  void check_eventTwice_isDoubled() throws Exception {
    try (History history = history("DUR 1 .")) {
      store(1, "2.25");
      store(1, "2.25");

      Verdict verdict = check(history, "4.50", Set.of());

      assertThat(verdict.doubled()).isEqualTo(1);
      assertThat(verdict.sumsExact()).isFalse();
    }
  }

  @Test
  void check_otherUsage_isFalsified() throws Exception {
    try (History history = history("DUR 1 .")) {
      store(1, "2.26");

      assertThat(check(history, "2.26", Set.of()).falsified()).isEqualTo(1);
    }
  }

  @Test
  void check_rejectedOrUnknownEventInLedger_isPhantom() throws Exception {
    try (History history = history("REJ 1 BUFFER_FULL .")) {
      store(1, "2.25");
      store(9, "10.25");

      assertThat(check(history, "12.50", Set.of()).phantom()).isEqualTo(2);
    }
  }

  @Test
  void check_rollupsOfOtherSum_doNotHold() throws Exception {
    try (History history = history("DUR 1 .")) {
      store(1, "2.25");

      assertThat(check(history, "4.50", Set.of()).holds()).isFalse();
    }
  }

  @Test
  void killed_acceptedAfterTheLastDurable_isInDoubt() throws Exception {
    try (History history = history("ACC 1 .", "ACC 2 .", "DUR 3 .", "ACC 4 .")) {
      history.killed("service");

      assertThat(history.owed()).containsExactlyInAnyOrder(1L, 2L, 3L);
      assertThat(history.inDoubt()).containsExactly(4L);
    }
  }

  @Test
  void killed_afterwardsAnEarlierEventIsDurable_confirmsNoLaterOne() throws Exception {
    try (History history = history("ACC 1 .", "ACC 3 .", "DUR 2 .")) {
      history.killed("service");

      assertThat(history.owed()).containsExactlyInAnyOrder(1L, 2L);
      assertThat(history.inDoubt()).containsExactly(3L);
    }
  }

  @Test
  void notKilled_acceptedOnly_isOwed() throws Exception {
    try (History history = history("DUR 1 .", "ACC 2 .")) {
      assertThat(history.owed()).containsExactlyInAnyOrder(1L, 2L);
    }
  }

  @Test
  void line_cutByAKill_isNone() throws Exception {
    try (History history = history("DUR 12")) {
      assertThat(history.owed()).isEmpty();
    }
  }

  private History history(String... lines) {
    History history = History.in(directory.resolve("history"));
    for (String line : lines) {
      String id = line.split(" ", -1)[1];
      history.line("service", "ATT " + id + " .");
      history.line("service", line);
    }
    return history;
  }

  private static Verdict check(History history, String rollups, Set<Long> dead) throws Exception {
    Checker.Ledger ledger =
        new Checker.Ledger("SELECT id, usage FROM event", "SELECT " + rollups + "::numeric");
    return new Checker(ledger).check(open(), history, dead);
  }

  private static void store(long id, String usage) throws Exception {
    sql("INSERT INTO event VALUES (" + id + ", " + usage + ")");
  }

  private static void sql(String... statements) throws Exception {
    try (Statement statement = open().createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  private static Connection open() {
    Connection connection = database;
    if (connection == null) {
      throw new IllegalStateException("not started");
    }
    return connection;
  }
}
