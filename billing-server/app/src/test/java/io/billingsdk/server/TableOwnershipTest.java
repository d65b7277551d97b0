package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each table has one package that writes to it, by all SQL of the main sources. */
final class TableOwnershipTest {
  private static final List<String> OF_THE_LEDGER =
      List.of(
          "attribution",
          "conflicting_event",
          "correction",
          "event_identity",
          "held_event",
          "idempotency",
          "ledger",
          "ledger_cut",
          "refusal_count",
          "rejected_event",
          "replay",
          "stream",
          "stream_dropped",
          "stream_gap",
          "stream_hello",
          "stream_written_off",
          "usage_event",
          "usage_rollup_shard");

  @TempDir Path directory;

  @Test
  void tables_ofTheProject_haveOneWriterEach() throws Exception {
    Map<String, Set<String>> writers = TableWriters.under(root());
    Map<String, Set<String>> shared =
        writers.entrySet().stream()
            .filter(each -> each.getValue().size() > 1)
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Proof.of("house-tables")
        .with("tables", writers.size())
        .with("packages", writers.values().stream().flatMap(Set::stream).distinct().count())
        .with("two_writers", shared.size())
        .with("not_named", writers.containsKey(SqlWrites.NOT_NAMED) ? 1 : 0)
        .print();
    assertThat(shared).as("tables with two writers").isEmpty();
    assertThat(writers).as("statements that name no table").doesNotContainKey(SqlWrites.NOT_NAMED);
    assertThat(OF_THE_LEDGER)
        .allSatisfy(table -> assertThat(writers.get(table)).as(table).containsExactly("ledger"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          INSERT INTO usage_event (a) VALUES (1)                    | usage_event
          insert into Stream values (1)                             | Stream
          WITH a AS (INSERT INTO event AS e VALUES (1)) SELECT 1    | event
          UPDATE stream SET a = 1                                   | stream
          UPDATE ONLY stream s SET a = 1                            | stream
          UPDATE public.stream AS s SET a = 1                       | stream
          DELETE FROM held_event h USING replay r WHERE true        | held_event
          DELETE FROM ONLY "stream_gap"                             | stream_gap
          COPY usage_event (a, b) FROM STDIN (FORMAT binary)        | usage_event
          TRUNCATE TABLE usage_event                                | usage_event
          MERGE INTO stream USING other ON true                     | stream
          """)
  void of_aStatementThatWrites_findsItsTable(String sql, String table) {
    assertThat(SqlWrites.of(sql)).containsExactly(table);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM stream FOR UPDATE",
        "SELECT 1 -- INSERT INTO stream VALUES (1)",
        "an update of the set of keys",
        "COPY the file to another place",
        "COPY usage_event TO STDOUT",
        "CREATE TRIGGER t BEFORE DELETE OR TRUNCATE ON stream EXECUTE FUNCTION f()"
      })
  void of_aTextThatWritesNothing_findsNothing(String text) {
    assertThat(SqlWrites.of(text)).isEmpty();
  }

  @Test
  void of_anUpsert_findsTheTableOfTheInsertAlone() {
    String sql = "INSERT INTO a VALUES (1) ON CONFLICT (b) DO UPDATE SET c = 1";
    assertThat(SqlWrites.of(sql)).containsExactly("a");
  }

  @Test
  void under_aSecondPackageThatWrites_showsBoth_howeverItsTextIsMade() throws Exception {
    plant("ledger", "class A { String a = \"INSERT INTO \"\n + \"stream VALUES (1)\"; }");
    plant("ingest", "class B { String b = \"\"\"\n  UPDATE\n    stream SET a = 1\n  \"\"\"; }");
    plant("web", "class C { /* \"DELETE FROM stream\" */ char c = '\"'; String d = \"x\"; }");
    plant("keys", "class D { String d(String t) { return \"DELETE FROM \" + t + \";\"; } }");

    assertThat(TableWriters.under(directory))
        .isEqualTo(Map.of("stream", Set.of("ledger", "ingest"), "?", Set.of("keys")));
  }

  @Test
  void under_migrations_countsThoseThatBelongToAPackage() throws Exception {
    Path folder = directory.resolve("m/src/main/resources/io/billingsdk/server/database");
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("V54__old.sql"), "UPDATE stream SET a = 1;");
    Files.writeString(folder.resolve("V202611291930__ledger_cut.sql"), "INSERT INTO a VALUES (1);");

    assertThat(TableWriters.under(directory)).isEqualTo(Map.of("a", Set.of("ledger")));
  }

  private void plant(String in, String source) throws Exception {
    Path folder = directory.resolve("m/src/main/java/io/billingsdk/server").resolve(in);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("Planted.java"), source);
  }

  /** The directory with the wrapper of the build: all modules are below it. */
  private static Path root() {
    Path found = Path.of("").toAbsolutePath();
    while (!Files.exists(found.resolve("mvnw"))) {
      found = Objects.requireNonNull(found.getParent(), "no mvnw above");
    }
    return found;
  }
}
