package io.billingsdk.server.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a real PostgreSQL. */
@Tag("postgres")
class DatabaseTest {
  private static final String SECRET = "canary-4711";
  private static final String INSERT = "INSERT INTO app (app_id, name) VALUES (:id, :name)";

  private World world;
  private Database database;

  @BeforeEach
  void open() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static int insert(Handle handle, String id) {
    return handle.createUpdate(INSERT).bind("id", id).bind("name", "any").execute();
  }

  private long apps() throws SQLException {
    return world.count("SELECT count(*) FROM app");
  }

  /** All that a log of a failure would hold. */
  private static String whole(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void read_statementThatFails_isOneFailureWithoutStatementAndValues() {
    Throwable failed =
        catchThrowable(
            () ->
                database.read(
                    handle ->
                        handle
                            .createQuery("SELECT 1 / 0 AS shown WHERE :secret <> ''")
                            .bind("secret", SECRET)
                            .mapTo(Integer.class)
                            .list()));

    assertThat(failed)
        .isInstanceOf(DatabaseException.class)
        .hasCauseInstanceOf(SQLException.class)
        .hasMessageContaining("division by zero");
    assertThat(((DatabaseException) failed).isDataError()).isTrue();
    assertThat(whole(failed)).doesNotContain(SECRET).doesNotContain("AS shown");
  }

  @Test
  void read_parameterThatNobodyBinds_isADefectWithoutValues() {
    Throwable failed =
        catchThrowable(
            () ->
                database.read(
                    handle ->
                        handle
                            .createQuery("SELECT :other AS shown")
                            .bind("secret", SECRET)
                            .mapTo(String.class)
                            .list()));

    assertThat(failed).isInstanceOf(IllegalStateException.class).hasNoCause();
    assertThat(whole(failed)).doesNotContain(SECRET).doesNotContain("AS shown");
  }

  @Test
  void inTransaction_uniqueViolation_leavesNothingOfIt() throws SQLException {
    long before = apps();

    assertThatThrownBy(
            () -> database.inTransaction(handle -> insert(handle, "a") + insert(handle, "a")))
        .isInstanceOfSatisfying(
            DatabaseException.class, failed -> assertThat(failed.sqlState()).isEqualTo("23505"));

    assertThat(apps()).isEqualTo(before);
  }

  @Test
  void inTransaction_timeout_hasItsCode() {
    assertThatThrownBy(
            () ->
                database.useTransaction(
                    handle -> {
                      handle.execute("SET LOCAL statement_timeout = 20");
                      handle.execute("SELECT pg_sleep(60)");
                    }))
        .isInstanceOfSatisfying(
            DatabaseException.class, failed -> assertThat(failed.sqlState()).isEqualTo("57014"));
  }

  @Test
  void within_failureOfTheJoined_takesTheWholeTransactionBack() throws SQLException {
    long before = apps();

    assertThatThrownBy(
            () ->
                database.useTransaction(
                    handle -> {
                      insert(handle, "outer");
                      Database joined = database.within(handle);
                      joined.useTransaction(inner -> insert(inner, "inner"));
                      joined.useTransaction(inner -> insert(inner, "inner"));
                    }))
        .isInstanceOf(DatabaseException.class);

    assertThat(apps()).isEqualTo(before);
  }

  @Test
  void inTransaction_partOfTheDriver_isOfTheSameTransaction() throws SQLException {
    long before = apps();

    assertThatThrownBy(
            () ->
                database.inTransaction(
                    (handle, connection) -> {
                      insert(handle, "a");
                      try (var statement = connection.createStatement()) {
                        return statement.execute(
                            "INSERT INTO app (app_id, name) VALUES ('a', 'b')");
                      }
                    }))
        .isInstanceOf(DatabaseException.class);

    assertThat(apps()).isEqualTo(before);
  }

  @Test
  void over_transactionOfTheCaller_goesOn() throws SQLException {
    long before = apps();
    try (Connection connection = database.connection()) {
      connection.setAutoCommit(false);
      int added = Database.over(connection, handle -> insert(handle, "over"));
      assertThat(added).isEqualTo(1);
      connection.commit();
    }
    assertThat(apps()).isEqualTo(before + 1);
  }

  @Test
  void read_databaseThatIsAway_isTheDriversFailure() {
    DatabaseAddress nowhere = new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/x", "u", SECRET);
    try (Database away = Database.unpooled(nowhere)) {
      Throwable failed = catchThrowable(() -> away.read(handle -> insert(handle, "a")));

      assertThat(failed)
          .isInstanceOfSatisfying(
              DatabaseException.class, why -> assertThat(why.sqlState()).startsWith("08"))
          .hasMessageContaining("127.0.0.1:1");
      assertThat(whole(failed)).doesNotContain(SECRET);
    }
  }

  @Test
  void row_everyType_isReadAsItWasBound() {
    Instant time = Instant.parse("2026-03-29T01:30:00.123456Z");
    String sql =
        """
        SELECT :time::timestamptz AS time, :none::timestamptz AS none, :texts AS texts,
          :numbers AS numbers, :times AS times, NULL::text[] AS nothing
        """;
    List<Object> read =
        database.read(
            handle ->
                handle
                    .createQuery(sql)
                    .bind("time", time)
                    .bind("none", (Instant) null)
                    .bind("texts", SqlArrays.texts(List.of("a,b", "{\"c\"}")))
                    .bind("numbers", SqlArrays.numbers(List.of(1L, Long.MAX_VALUE)))
                    .bind("times", SqlArrays.times(List.of(time)))
                    .map(
                        ResultRow.to(
                            row ->
                                List.<Object>of(
                                    row.time("time"),
                                    row.isNull("none"),
                                    row.texts("texts"),
                                    row.numbers("numbers"),
                                    row.texts("nothing"))))
                    .one());

    assertThat(read)
        .containsExactly(
            time, true, List.of("a,b", "{\"c\"}"), List.of(1L, Long.MAX_VALUE), List.of());
  }

  @Test
  void row_nullWhereNoneMayBe_isRefusedWithItsColumn() {
    assertThatThrownBy(
            () ->
                database.read(
                    handle ->
                        handle
                            .createQuery("SELECT NULL::text AS reason")
                            .map(ResultRow.to(row -> row.text("reason")))
                            .one()))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("the column reason");
  }
}
