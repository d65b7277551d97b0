package io.billingsdk.cli.remote;

import static io.billingsdk.cli.remote.ForeignRuns.FORGED;
import static io.billingsdk.cli.remote.ForeignRuns.HOSTILE;
import static io.billingsdk.cli.remote.ForeignRuns.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.UsageEvent;
import io.billingsdk.cli.BillingCommandLine;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.cli.remote.ForeignRuns.Shows;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.common.ShownText;
import io.billingsdk.testbed.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Each command that prints text of others prints it so that nothing in it ends a line, is obeyed by
 * a terminal, or is not seen. The texts are in the tables, past all checks.
 */
@Tag("postgres")
@Timeout(600)
class ForeignTextTest {
  /** As SQL has it. */
  private static final String H =
      "E'a\\n"
          + FORGED
          + "\\r"
          + FORGED
          + "\\x1b[2J\\u202eb\\u2066\\u200b\\u00a0c\\u2028\\x7f\\u009bd'";

  /** What prints no text of others: what it made itself, its own words, a file of the caller's. */
  private static final Set<String> OWN_WORDS =
      Set.of(
          "serve",
          "backup",
          "restore",
          "completion",
          "journal replay",
          "doctor",
          "plans test",
          "plans schema",
          "plans example",
          "verify-invoice");

  @TempDir static Path directory;

  private static RemoteServer server;
  private static Path journal;

  @BeforeAll
  static void serve() throws Exception {
    server = RemoteServer.start(directory);
    server.tokenFile("write", Scope.WRITE, null);
    server.tokenFile("admin", Scope.ADMIN, null);
    plant();
    journal = directory.resolve("journal");
    writeJournal();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void plant() throws SQLException {
    for (String each :
        new String[] {
          "INSERT INTO app (app_id, name) VALUES (H, H)",
          "INSERT INTO stream (uuid, instance, highest_seq) VALUES ('S', H, 9)",
          "INSERT INTO stream_hello (stream_id, sdk_version, last_seq, keys_version, accepted,"
              + " delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)"
              + " SELECT stream_id, H, 9, 3, 10, 6, 2, 1, 1, 4, 4096, 0 FROM stream"
              + " WHERE uuid = 'S'",
          "INSERT INTO stream_gap SELECT stream_id, 4, 5 FROM stream WHERE uuid = 'S'",
          "INSERT INTO rejected_event (stream, seq, instance, code, detail, content)"
              + " VALUES ('S', 7, H, H, H, jsonb_build_object('module', H)::text)",
          "INSERT INTO conflicting_event (stream_id, seq, hash, instance, content)"
              + " SELECT stream_id, 7, '\\x01', H, jsonb_build_object('module', H) FROM stream"
              + " WHERE uuid = 'S'",
          "INSERT INTO audit_log (actor, action, subject, before, after)"
              + " VALUES (H, H, H, jsonb_build_object('x', H), jsonb_build_object(H, 1))",
          "SELECT ensure_partition(now())",
          "INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model,"
              + " usage) SELECT now(), stream_id, 1, H, 'k_x', H, H, 1 FROM stream"
              + " WHERE uuid = 'S'",
          "INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, module, model,"
              + " usage) SELECT now(), stream_id, 2, NULL, H, H, H, 1 FROM stream"
              + " WHERE uuid = 'S'",
          "INSERT INTO usage_rollup_shard (hour, app_id, key_id, module, model, shard, events,"
              + " usage) VALUES (date_trunc('hour', now()), H, H, H, H, 0, 1, 1),"
              + " (date_trunc('hour', now()), '', H, H, H, 0, 1, 1)",
          "INSERT INTO stream (stream_id, uuid) OVERRIDING SYSTEM VALUE"
              + " VALUES (0, gen_random_uuid()) ON CONFLICT DO NOTHING",
          "INSERT INTO correction (seq, corrects_stream_id, corrects_seq, occurred_at, app_id,"
              + " usage, difference, reason, actor)"
              + " SELECT 1, stream_id, 1, now(), H, 2, 1, H, H FROM stream WHERE uuid = 'S'",
          "INSERT INTO api_key (key_id, sha256, app_id, status, reason, version, models, quotas)"
              + " VALUES ('k_hostile', sha256('x'), H, 'blocked', H, 1000, ARRAY[H],"
              + " jsonb_build_array(jsonb_build_object('meter', H, 'limit', 1, 'overage', false)))",
          "INSERT INTO seller (seller_id, name, currency, zone, address)"
              + " VALUES ('s-1', H, 'EUR', 'UTC', jsonb_build_object('lines',"
              + " jsonb_build_array(H), 'city', H, 'postalCode', H, 'country', 'DE'))",
          "INSERT INTO customer (customer_id, name, currency, zone, locale, seller_id)"
              + " VALUES ('c-1', H, 'EUR', 'UTC', 'en', 's-1')",
          "INSERT INTO customer_app (app_id, valid_from, customer_id) VALUES (H, now(), 'c-1')",
          "INSERT INTO meter (slug, content) VALUES ('m-1', json_build_object('slug', 'm-1',"
              + " 'unit', H, 'value', 'one', 'aggregation', 'count'))",
          "INSERT INTO subscription_event (subscription_id, number, at, act, state, command, lines,"
              + " actor) VALUES ('S', 1, now(), 'PAUSE', 'paused', '{}', '[]', H)",
          "INSERT INTO access_token (token_id, sha256, operator, scope, app_id, expires_at)"
              + " VALUES ('tabcdefghijkl', sha256('y'), 'admin', 'read', H,"
              + " now() + interval '1 hour')"
        }) {
      server.execute(each.replace("'S'", "'" + STREAM + "'").replaceAll("\\bH\\b", quoted(H)));
    }
  }

  private static String quoted(String text) {
    return Matcher.quoteReplacement(text);
  }

  /** What a service left that never reached a server. */
  private static void writeJournal() {
    var client =
        Billing.start(
            BillingConfig.builder()
                .host("localhost")
                .port(1)
                .clientId("gateway-1")
                .journalDirectory(journal)
                .shutdownHook(false)
                .build());
    var unused = client.report(UsageEvent.of("a-key-of-nobody", HOSTILE, HOSTILE, 1));
    var report = Billing.close(Duration.ZERO);
    assertThat(report.lost()).isZero();
  }

  /** What is wrong with an output; empty when nothing is. */
  private static String wrong(CommandRun run, Shows shows) {
    String all = run.out() + run.err();
    boolean hidden =
        all.codePoints().anyMatch(each -> each != '\n' && each != '\r' && ShownText.isHidden(each));
    // Lines end with one, and those of CSV with both; nothing else has either.
    boolean broken = all.replace("\r\n", "\n").indexOf('\r') >= 0;
    boolean forged = all.lines().anyMatch(line -> line.startsWith(FORGED));
    boolean shown = all.contains("\\u000a" + FORGED) || all.contains("\\n" + FORGED);
    return (hidden ? "has what is hidden; " : "")
        + (broken || forged ? "has a line that is not its own; " : "")
        + (shows == Shows.IT && !shown ? "shows nothing of it; " : "")
        + (shows == Shows.REFUSAL && run.exitCode() != 3 ? "is not refused; " : "");
  }

  @Test
  void commands_thatPrintTextOfOthers_printItSafely_andThereAreNoOthers() throws Exception {
    List<String> wrong = new ArrayList<>();
    Set<String> seen = new TreeSet<>(OWN_WORDS);
    Map<List<String>, Shows> runs = new ForeignRuns(server, directory, journal).all();
    for (Map.Entry<List<String>, Shows> each : runs.entrySet()) {
      CommandRun run = CommandRun.of(each.getKey().toArray(new String[0]));
      String found = wrong(run, each.getValue());
      if (!found.isEmpty()) {
        wrong.add(each.getKey() + ": " + found + run);
      }
      seen.add(each.getKey().get(0));
      seen.add(each.getKey().get(0) + " " + each.getKey().get(1));
    }
    tailAndSend(wrong, seen);
    Proof.of("foreign-text").with("runs", runs.size() + 2).with("wrong", wrong.size()).print();
    assertThat(wrong).isEmpty();
    assertThat(leaves("", BillingCommandLine.create("billing"))).isSubsetOf(seen);
  }

  private static void tailAndSend(List<String> wrong, Set<String> seen) throws Exception {
    for (String form : new String[] {"", "--json"}) {
      List<String> words = server.arguments("write", "tail", "--count", "1");
      if (!form.isEmpty()) {
        words.add(form);
      }
      RunningCommand tail = new RunningCommand(words);
      tail.awaitErr("watching");
      String json = HOSTILE.replace("\n", "\\n").replace("\r", "\\r").replace("\u001b", "\\u001b");
      Path event =
          Files.writeString(
              directory.resolve("event"),
              "{\"keyId\":\"k_x\",\"module\":\"" + json + "\",\"model\":\"m\",\"usage\":1}\n");
      CommandRun sent = server.send(event.toString());
      assertThat(sent.exitCode()).as(sent.err()).isZero();
      var unused = tail.awaitEnd();
      CommandRun shown = new CommandRun(0, tail.out(), tail.err());
      String found = wrong(shown, Shows.IT) + wrong(sent, Shows.NOT);
      if (!found.isEmpty()) {
        wrong.add("tail and send " + form + ": " + found + shown + sent);
      }
    }
    seen.add("tail");
    seen.add("send");
  }

  private static Set<String> leaves(String above, CommandLine command) {
    Set<String> found = new TreeSet<>();
    for (Map.Entry<String, CommandLine> each : command.getSubcommands().entrySet()) {
      String name = (above + " " + each.getKey()).trim();
      Set<String> below = leaves(name, each.getValue());
      found.addAll(below.isEmpty() ? Set.of(name) : below);
    }
    return found;
  }
}
