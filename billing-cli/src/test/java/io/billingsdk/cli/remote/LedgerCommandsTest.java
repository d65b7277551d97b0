package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.access.Principal.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** rejected, conflicting, corrections, replay, audit and streams at a whole server. */
@Tag("postgres")
@Timeout(180)
class LedgerCommandsTest {
  private static final String STREAM = "6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11";

  @TempDir static Path directory;

  private static RemoteServer server;

  @BeforeAll
  static void serve() throws Exception {
    server = RemoteServer.start(directory);
    server.tokenFile("write", Scope.WRITE, null);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static CommandRun run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command.split(" ", -1)));
    all.addAll(server.arguments("write", "x", arguments).stream().skip(1).toList());
    return CommandRun.of(all.toArray(new String[0]));
  }

  private static CommandRun done(String command, String... arguments) {
    CommandRun run = run(command, arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static List<JsonNode> items(String command, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    List<JsonNode> items = new ArrayList<>();
    for (String line : done(command, all.toArray(new String[0])).out().lines().toList()) {
      items.add(JsonMapper.builder().build().readTree(line));
    }
    return items;
  }

  private static String event(String module, Instant when) {
    return "{\"keyId\":\"%s\",\"module\":\"%s\",\"model\":\"m\",\"usage\":\"3\",\"occurredAt\":\"%s\"}\n"
        .formatted(server.key().keyId(), module, when);
  }

  private static CommandRun send(String name, String lines) throws IOException {
    return server.send(Files.writeString(directory.resolve(name), lines).toString());
  }

  @Test
  void rejected_isListedShownAndReplayed() throws Exception {
    Instant future = Instant.now().plus(40, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS);
    assertThat(send("future", event("late", future) + event("late", future)).exitCode()).isOne();

    List<JsonNode> found = items("rejected list", "--code", "IN_FUTURE", "--open", "--last", "1h");
    assertThat(found).hasSize(2);
    String id = found.get(0).path("id").asText();
    CommandRun table = done("rejected list", "--code=IN_FUTURE", "--limit", "1");
    assertThat(table.out().lines().findFirst().orElse("")).contains("id", "received", "code");
    assertThat(table.out().lines()).hasSize(2);
    assertThat(table.err()).contains("there are more than 1; a higher --limit shows them");
    assertThat(done("rejected list", "--csv").out()).startsWith("id,received,instance,code,");
    assertThat(done("rejected show", id).out()).contains("code        IN_FUTURE", "late");
    CommandRun none = run("rejected show", "999999");
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(none.err()).contains("there is no rejected event 999999").hasLineCount(1);

    CommandRun still = run("replay", id);
    assertThat(still.exitCode()).isEqualTo(3);
    assertThat(still.err()).contains("IN_FUTURE").hasLineCount(1);
    Path amended = Files.writeString(directory.resolve("amended"), event("late", Instant.now()));
    assertThat(done("replay", id, "--event", amended.toString()).out()).isEqualTo("stored\n");
    assertThat(done("replay", id, "--event", amended.toString()).out()).isEqualTo("duplicate\n");
    assertThat(items("rejected list", "--replayed", "--code", "IN_FUTURE")).hasSize(1);
    assertThat(items("audit list", "--action", "rejected.replay", "--subject", id)).isNotEmpty();
  }

  @Test
  void replay_withoutOrWithBothIdAndFilter_isRefused() {
    assertThat(run("replay").exitCode()).isEqualTo(2);
    assertThat(run("replay", "7", "--all").err()).contains("give either ID, or a selection");
    assertThat(run("replay", "--all", "--occurred-at-offset", "500d").err())
        .contains("--occurred-at-offset must be a number of seconds");
    assertThat(run("replay", "--all", "--event", "x").exitCode()).isEqualTo(2);
  }

  @Test
  void conflicting_isListedAndShownSafely() throws Exception {
    conflict("evil\u001b[31m\u202egnp");
    assertThat(done("conflicting list", "--stream", STREAM).out())
        .contains(STREAM, "evil")
        .doesNotContain("\u001b", "\u202e");
    assertThat(done("conflicting show", STREAM, "7").out())
        .contains("seq", "evil")
        .doesNotContain("\u001b", "\u202e");
    assertThat(done("conflicting show", STREAM, "7", "--json").out())
        .contains("\\u202E", "\\u001b")
        .doesNotContain("\u001b", "\u202e");
    assertThat(items("conflicting list", "--instance", "nobody")).isEmpty();
    CommandRun none = run("conflicting show", STREAM, "8");
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(none.err()).contains("nothing conflicts with event 8");
  }

  private static void conflict(String module) throws SQLException {
    server.execute(
        "INSERT INTO stream (uuid, instance, highest_seq) VALUES ('" + STREAM + "', 'gw', 7)");
    server.execute(
        "INSERT INTO conflicting_event (stream_id, seq, hash, instance, content)"
            + " SELECT stream_id, 7, '\\x01', 'gw', jsonb_build_object('module', '"
            + module
            + "') FROM stream WHERE uuid = '"
            + STREAM
            + "'");
  }

  @Test
  void corrections_areMadeOnceAndListed() throws Exception {
    assertThat(send("wrong", event("wrong", Instant.now())).exitCode()).isZero();
    String[] where =
        server.query(
            "SELECT s.uuid, e.seq, to_char(e.occurred_at AT TIME ZONE 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM usage_event e JOIN stream s USING"
                + " (stream_id) WHERE e.module = 'wrong'");
    String[] correction = {
      "--stream",
      where[0],
      "--seq",
      where[1],
      "--occurred-at",
      where[2],
      "--usage",
      "1.5",
      "--reason",
      "@ticket \"7\""
    };
    assertThat(done("corrections create", correction).out())
        .isEqualTo("corrected: the event amounts to 1.5 now, the difference is -1.5\n");
    assertThat(done("corrections create", correction).out())
        .isEqualTo("unchanged: the event amounts to 1.5 already\n");
    assertThat(done("corrections list", "--app", "acme").out())
        .contains("-1.5", "@ticket \"7\"", where[0]);
    assertThat(items("corrections list", "--app", "acme")).hasSize(1);
    assertThat(items("audit list", "--action", "usage.", "--actor", "admin")).hasSize(1);
  }

  @Test
  void send_keyThatIsNotKnown_saysHowManyBelongToNoApp() throws Exception {
    String unknown = event("lost", Instant.now()).replace(server.key().keyId(), "k_nobody");
    CommandRun run = send("lost", unknown + unknown + event("found", Instant.now()));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("3 stored, 0 duplicates, 0 rejected\n");
    assertThat(run.err())
        .contains("2 of the stored events belong to no app", "billing keys unknown");
    assertThat(send("known", event("found", Instant.now())).err()).doesNotContain("no app");
  }

  @Test
  void streams_filtered_areThoseThatFit() throws Exception {
    assertThat(send("streams", event("s", Instant.now())).exitCode()).isZero();
    String data = server.data().toString();
    CommandRun all = CommandRun.of("streams", "--data-dir", data);
    assertThat(all.out().lines().findFirst().orElse("")).startsWith("stream ").contains("state");
    CommandRun ofApp = CommandRun.of("streams", "--data-dir", data, "--app", "acme", "--json");
    assertThat(JsonMapper.builder().build().readTree(ofApp.out()).path("items")).isNotEmpty();
    CommandRun none = CommandRun.of("streams", "--data-dir", data, "--instance", "nobody");
    assertThat(none.out().lines()).hasSize(1);
    assertThat(none.exitCode()).isZero();
    assertThat(CommandRun.of("streams", "--data-dir", data, "--stream", "1-1-1-1-1").err())
        .startsWith("billing: --stream must be a UUID");
  }

  @Test
  void lists_withATokenThatMayNot_areRefusedInOneLine() {
    List<String> all = new ArrayList<>(List.of("audit", "list"));
    all.addAll(server.arguments("intake", "x").stream().skip(1).toList());
    CommandRun run = CommandRun.of(all.toArray(new String[0]));
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err()).contains("403").hasLineCount(1);
  }
}
