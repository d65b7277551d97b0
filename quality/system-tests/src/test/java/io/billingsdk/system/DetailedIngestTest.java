package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What quantities, subjects, sessions and executions, and the indexes over them, cost the intake:
 * rounds take turns in one run on one machine. Prints figures and asserts no time.
 */
final class DetailedIngestTest {
  private static final String PROOF = "detailed-ingest";
  private static final int EVENTS = Integer.getInteger("throughput.events", 20_000);
  private static final int ROUNDS = Integer.getInteger("throughput.rounds", 3);
  private static final int WARM_UP = Integer.getInteger("throughput.warmup", 40_000);
  private static final List<String> INSTANCES = List.of("load-1", "load-2");
  private static final List<String> INDEXES =
      List.of("usage_event_by_subject", "usage_event_by_session", "usage_event_by_execution");

  @TempDir Path directory;

  private WholeServer server;

  /** What is sent, and into what. */
  private enum Row {
    PLAIN("v2", true),
    PLAIN_WITHOUT_INDEXES("v2", false),
    DETAILED("d2", true),
    DETAILED_WITHOUT_INDEXES("d2", false);

    private final String order;
    private final boolean indexed;

    Row(String order, boolean indexed) {
      this.order = order;
      this.indexed = indexed;
    }

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private record Round(double rate, double serverMicros, double databaseMicros) {}

  @BeforeEach
  void start() {
    if (!CpuTime.isKnown()) {
      Proof.skipped(PROOF, "no /proc");
    }
    assumeTrue(CpuTime.isKnown());
    server = WholeServer.start(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void intake_withAndWithoutTheIndexes_printsTheRatios() throws Exception {
    server.operator().createApp("acme");
    Operator.NamedKey key = server.operator().createKey("acme");
    Map<Row, List<Round>> rounds = new EnumMap<>(Row.class);
    try (Child load = LoadChild.of(server, key, INSTANCES)) {
      load.await("UP");
      Map<String, String> definitions = definitions();
      assertThat(definitions).hasSameSizeAs(INDEXES);
      var unused = load.ask("d2 " + WARM_UP / 2, "V2 ");
      unused = load.ask("v2 " + WARM_UP / 2, "V2 ");
      for (int i = 0; i < ROUNDS; i++) {
        for (Row row : Row.values()) {
          set(definitions, row.indexed);
          rounds.computeIfAbsent(row, any -> new ArrayList<>()).add(round(load, row));
        }
      }
      set(definitions, /* indexed= */ true);
    }
    long sent = WARM_UP + (long) ROUNDS * EVENTS * Row.values().length;
    assertThat(server.count("SELECT count(*) FROM usage_event")).isEqualTo(sent);
    assertThat(server.count("SELECT count(*) FROM usage_event WHERE subject LIKE 'user-%'"))
        .isEqualTo(sent / 2);
    for (Row row : Row.values()) {
      print(row, rounds);
    }
  }

  private Round round(Child load, Row row) throws IOException {
    long serverMicros = server.cpuMicros();
    long databaseMicros = server.databaseCpuMicros();
    long nanos = Long.parseLong(load.ask(row.order + " " + EVENTS, "V2 ").substring(3));
    return new Round(
        EVENTS * 1e9 / nanos,
        (double) (server.cpuMicros() - serverMicros) / EVENTS,
        (double) (server.databaseCpuMicros() - databaseMicros) / EVENTS);
  }

  private Map<String, String> definitions() throws SQLException, IOException {
    Map<String, String> definitions = new TreeMap<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT indexname, replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes"
                    + " WHERE indexname IN ('"
                    + String.join("', '", INDEXES)
                    + "')")) {
      while (row.next()) {
        definitions.put(row.getString(1), row.getString(2));
      }
    }
    return definitions;
  }

  private void set(Map<String, String> definitions, boolean indexed)
      throws SQLException, IOException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> each : definitions.entrySet()) {
        statement.execute("DROP INDEX IF EXISTS " + each.getKey());
        if (indexed) {
          statement.execute(each.getValue());
        }
      }
    }
  }

  private static void print(Row row, Map<Row, List<Round>> rounds) {
    List<Round> own = Objects.requireNonNull(rounds.get(row));
    List<Round> plain = Objects.requireNonNull(rounds.get(Row.PLAIN_WITHOUT_INDEXES));
    double[] ratios = new double[own.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = own.get(i).rate() / plain.get(i).rate();
    }
    Proof.sized(PROOF, EVENTS, 500_000)
        .with("row", row.text())
        .with("events", EVENTS)
        .with("rounds", ROUNDS)
        .with("per_s", Math.round(median(own.stream().mapToDouble(Round::rate).toArray())))
        .with("of_plain_without_indexes", decimal(median(ratios), 2))
        .with(
            "cpu_us_server",
            decimal(median(own.stream().mapToDouble(Round::serverMicros).toArray()), 1))
        .with(
            "cpu_us_postgres",
            decimal(median(own.stream().mapToDouble(Round::databaseMicros).toArray()), 1))
        .print();
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static String decimal(double value, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
