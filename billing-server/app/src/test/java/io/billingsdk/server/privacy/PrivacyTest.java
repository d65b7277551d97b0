package io.billingsdk.server.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.reconcile.BilledWorld;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A person whose usage is billed and sealed, and who is erased then. */
@Tag("postgres")
class PrivacyTest {
  private static final String ANN = "ann.unique-7f3e@example.com";
  private static final String BASE = "/api/v1/privacy/";
  private static final Instant USED = Instant.parse("2026-03-10T10:00:00Z");

  @TempDir Path directory;

  private BilledWorld world;

  @BeforeEach
  void start() {
    world = new BilledWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private JsonNode post(String what, String json) {
    Reply reply = world.http().send("POST", BASE + what, json);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private String subject(String identifier) {
    return post("persons", "{\"identifier\":\"" + identifier + "\"}").path("subject").asText();
  }

  private JsonNode get(String path) {
    Reply reply = world.http().get(path);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private void use(String subject, String usage, Instant at) {
    String event =
        """
        {"keyId":"k_c","module":"llm","model":"m","usage":"%s","occurredAt":"%s","subject":"%s"}
        """;
    Reply reply = world.http().send("POST", "/api/v1/events", event.formatted(usage, at, subject));
    assertThat(reply.status()).as(reply.body()).isBetween(200, 299);
  }

  /** Rows of all tables with the text, as text or as its bytes. */
  private List<String> hits(String text) throws SQLException {
    List<String> hits = new ArrayList<>();
    String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    try (Connection connection = world.database().connection();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT format('%I', relname) FROM pg_class WHERE relkind IN ('r', 'p')"
                  + " AND NOT relispartition AND relnamespace = current_schema()::regnamespace"
                  + " AND has_table_privilege(oid, 'SELECT')")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      assertThat(tables).contains("privacy_person", "usage_event", "audit_log", "http_answer");
      for (String table : tables) {
        try (ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM %1$s AS t WHERE strpos(t::text, '%2$s') > 0 OR strpos(t::text, '%3$s') > 0"
                    .formatted(table, text, hex))) {
          rows.next();
          if (rows.getLong(1) > 0) {
            hits.add(table);
          }
        }
      }
    }
    return hits;
  }

  @Test
  void erase_ofABilledAndSealedPerson_leavesNoHit_andAllVerifies() throws SQLException {
    String said;
    try (LogCapture log = LogCapture.start("sun", "jdk", "javax", "org.postgresql")) {
      LoggerFactory.getLogger("io.billingsdk.planted").debug("a planted line");
      eraseAnn();
      said = log.text();
    }
    // The HTTP library would log all bytes at its debug level, which the server leaves off.
    List<String> lines = said.lines().filter(PrivacyTest::isOurs).toList();
    assertThat(lines).anyMatch(line -> line.contains("a planted line"));
    assertThat(lines).noneMatch(line -> line.contains(ANN));
  }

  private static boolean isOurs(String line) {
    return line.contains("| io.billingsdk.") || line.matches("(INFO|WARN|ERROR) .*");
  }

  private void eraseAnn() throws SQLException {
    LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(2);
    world.http().world().execute("UPDATE ledger_seal_start SET day = '" + yesterday + "'");
    world.customer("c", "metered");
    String subject = subject(ANN);
    assertThat(subject(ANN)).isEqualTo(subject).doesNotContain("ann");
    use(subject, "150", USED);
    use(subject, "2.5", USED.plusSeconds(60));
    use(subject("bob@example.com"), "7", USED);
    world.move("c", Instant.parse("2026-04-02T00:00:00Z"));
    String number = world.bill("c");
    assertThat(world.http().send("POST", "/api/v1/ledger/seals", "{}").status()).isEqualTo(200);
    JsonNode before = get("/api/v1/usage?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z");

    JsonNode export = post("exports", "{\"identifier\":\"" + ANN + "\"}");
    assertThat(export.path("identifier").asText()).isEqualTo(ANN);
    assertThat(export.at("/usage/0/usage").asText()).isEqualTo("152.5");
    assertThat(export.path("events")).hasSize(2);
    assertThat(export.path("moreEvents").asLong()).isZero();

    JsonNode erased =
        post("erasures", "{\"identifier\":\"" + ANN + "\",\"reason\":\"asked for it\"}");
    assertThat(erased.path("subject").asText()).isEqualTo(subject);
    assertThat(erased.path("events").asLong()).isEqualTo(2);
    assertThat(erased.path("plainEvents").asLong()).isZero();

    List<String> hits = hits(ANN);
    // Planted: the search must be able to find.
    assertThat(hits(subject)).contains("usage_event", "privacy_erasure", "audit_log");
    JsonNode seals = get("/api/v1/ledger/verification");
    assertThat(seals.path("rows").asLong()).isPositive();
    JsonNode books = get("/api/v1/invoices/" + number + "/verification");
    JsonNode sums = get("/api/v1/reconciliation");
    JsonNode after = get("/api/v1/usage?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z");
    long audited =
        world.http().world().count("SELECT count(*) FROM audit_log WHERE action = 'privacy.erase'");
    int exportHits = exports(subject);
    Proof.of("privacy")
        .with("hits_in_tables", hits.size())
        .with("hits_in_exports", exportHits)
        .with("sums_changed", before.equals(after) ? 0 : 1)
        .with("ledger_findings", seals.path("findings").size())
        .with("ledger_rows", seals.path("rows").asLong())
        .with("invoice", books.path("result").asText())
        .with("reconcile_differences", sums.path("differences").size())
        .with("audited", audited)
        .print();
    assertThat(hits).isEmpty();
    assertThat(exportHits).isZero();
    assertThat(after).isEqualTo(before);
    assertThat(seals.path("intact").asBoolean()).as("%s", seals).isTrue();
    assertThat(books.path("result").asText()).as("%s", books).isEqualTo("identical");
    assertThat(sums.path("differences").size()).as("%s", sums).isZero();
    assertThat(audited).isEqualTo(1);
    // The same person is another one from now on.
    assertThat(subject(ANN)).isNotEqualTo(subject);
  }

  /** Lists over HTTP that name subjects, and the person, who is unknown now. */
  private int exports(String subject) {
    int hits = 0;
    for (String path :
        List.of(
            "/api/v1/events?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z",
            "/api/v1/audit",
            "/api/v1/costs?from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z")) {
      hits += get(path).toString().contains(ANN) ? 1 : 0;
    }
    for (String by : List.of("\"identifier\":\"" + ANN, "\"subject\":\"" + subject)) {
      Reply reply = world.http().send("POST", BASE + "exports", "{" + by + "\"}");
      assertThat(reply.status()).isEqualTo(404);
      hits += reply.body().contains(ANN) ? 1 : 0;
    }
    return hits;
  }

  @Test
  void erase_ofAnIdentifierThatASenderGave_saysHowManyEventsKeepIt() {
    world.customer("c", "metered");
    String subject = subject("carl");
    use("carl", "1", USED);
    use(subject, "1", USED);
    String reason = "{\"subject\":\"%s\",\"reason\":\"%s\"}";
    Reply refused =
        world.http().send("POST", BASE + "erasures", reason.formatted(subject, "carl left"));
    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    JsonNode erased = post("erasures", reason.formatted(subject, "left"));
    assertThat(erased.path("events").asLong()).isEqualTo(1);
    assertThat(erased.path("plainEvents").asLong()).isEqualTo(1);
    Reply again = world.http().send("POST", BASE + "erasures", reason.formatted(subject, "left"));
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.body()).contains("the person of this subject was erased");
    Reply both =
        world.http().send("POST", BASE + "exports", "{\"subject\":\"a\",\"identifier\":\"b\"}");
    assertThat(both.status()).isEqualTo(400);
  }
}
