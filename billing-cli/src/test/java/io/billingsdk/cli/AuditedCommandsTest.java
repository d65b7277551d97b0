package io.billingsdk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.ServerSettings;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each command is one that changes something of the server and says so, or one that does not. */
@Tag("postgres")
@Timeout(180)
class AuditedCommandsTest {
  /** What changes nothing that the server keeps. A new command belongs here or to the changes. */
  private static final Set<String> NO_CHANGES =
      Set.of(
          "serve",
          "apps list",
          "keys list",
          "keys unknown",
          "streams",
          "usage",
          "tail",
          // Events are no changes: the ledger has them.
          "send",
          "instance list",
          "operator list",
          "token list",
          "outbox list",
          "backup",
          "restore",
          "rejected list",
          "rejected show",
          "conflicting list",
          "conflicting show",
          "corrections list",
          "audit list",
          // Over HTTP: the entries of its routes are held by a test of those.
          "corrections create",
          "replay",
          "sellers create",
          "customers create",
          "customers change",
          "customers assign",
          "customers release",
          "customers clock",
          "plans import",
          "plans publish",
          "quotas grant",
          "quotas release",
          "subscriptions start",
          "subscriptions switch",
          "subscriptions cancel",
          "subscriptions bill-day",
          "subscriptions undo",
          "subscriptions pause",
          "subscriptions resume",
          "subscriptions reactivate",
          "subscriptions past-due",
          "subscriptions paid",
          "subscriptions migrate",
          "webhooks list",
          "webhooks create",
          "webhooks change",
          "webhooks remove",
          "webhooks rotate",
          "webhooks deliveries",
          "webhooks replay",
          "notifications kinds",
          "notifications recipients",
          "notifications add",
          "notifications change",
          "notifications remove",
          "notifications mails",
          "notifications replay",
          "payments list",
          "payments show",
          "payments receipt",
          "payments record",
          "payments refund",
          "payments owed",
          "payments write-off",
          "payments balance",
          "dunning list",
          "dunning show",
          "dunning stop",
          "dunning retry",
          "dunning rules",
          "dunning rule",
          "dunning threshold",
          "payments charge",
          "payments charges",
          "payments unknown-charges",
          "payments providers",
          "payments methods",
          "payments save-method",
          "payments top-up",
          "refunds list",
          "refunds create",
          "webhooks parked",
          "webhooks dismiss",
          "webhooks replay-parked",
          "bank accounts",
          "bank add",
          "bank import",
          "bank lines",
          "bank assign",
          "bank ignore",
          "forecast",
          "anomalies list",
          "anomalies expect",
          "privacy register",
          "privacy export",
          "privacy erase",
          "costs list",
          "costs unknown",
          "costs explain",
          "costs focus",
          "costs rerate",
          "costs price-unknown",
          "costs changes",
          "costs undo",
          "costs reconcile",
          "executions list",
          "executions show",
          "executions steps",
          "executions costs",
          "prices list",
          "prices catalogues",
          "prices plan",
          "prices approve",
          "prices import",
          "alerts list",
          "alerts rules",
          "alerts set",
          "alerts remove",
          "alerts mute",
          "alerts unmute",
          "budgets list",
          "budgets set",
          "stats all",
          "stats user",
          "stats erase",
          "stats token",
          "stats rotate-key",
          "stats profiles",
          "stats import",
          "tax register",
          "tax registrations",
          "tax end",
          "tax set",
          "tax show",
          "tax explain",
          "tax rates",
          "tax import-rates",
          "tax import-exchange-rates",
          "tax returns",
          "invoices run",
          "invoices draft",
          "invoices list",
          "invoices show",
          "invoices explain",
          "invoices verify",
          "invoices failures",
          "invoices documents",
          "invoices document-failures",
          "invoices preview",
          "invoices export",
          "invoices resume",
          "customers settings",
          "sellers settings",
          "revenue report",
          "revenue invoiced",
          "revenue forecast",
          "invoices compare",
          "invoices margin",
          "invoices credit",
          "invoices void",
          "coupons list",
          "coupons create",
          "coupons give",
          "coupons of",
          "coupons end",
          "credits of",
          "credits give",
          "credits show",
          "credits withdraw",
          "quotas list",
          "reports month",
          "ledger seal",
          "ledger seals",
          "ledger verify",
          "reconcile",
          "explain",
          "what-if",
          "verify-invoice",
          "invoices events",
          "subscriptions list",
          "subscriptions show",
          "subscriptions events",
          "sellers list",
          "customers list",
          "customers show",
          "customers apps",
          "meters list",
          "meters show",
          "plans list",
          "plans versions",
          "plans show",
          "plans diff",
          "plans export",
          "plans test",
          "plans schema",
          "plans example",
          "journal inspect",
          "journal export",
          "journal replay",
          "doctor",
          "completion");

  private static final String ACTOR = Actor.commandLine().name();

  @TempDir static Path directory;

  private static BillingServer server;

  @BeforeAll
  static void serve() {
    server = new BillingServer(ServerSettings.in(directory));
    server.start();
    await().atMost(Duration.ofSeconds(60)).until(server::isUp);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** In an order in which each can be done, with the entry that it leaves. */
  private static Map<List<String>, String> changes(String first, String second) {
    Map<List<String>, String> all = new LinkedHashMap<>();
    all.put(List.of("apps", "create", "acme"), "app.create acme");
    all.put(List.of("keys", "create", "--app", "acme"), "key.create ");
    all.put(List.of("keys", "set", first, "--rate", "5"), "key.change " + first);
    all.put(List.of("keys", "block", first, "--reason", "unpaid"), "key.block " + first);
    all.put(List.of("keys", "unblock", first), "key.unblock " + first);
    all.put(List.of("keys", "rotate", first), "key.rotate ");
    all.put(
        List.of("keys", "expire", first, "--at", "2099-01-01T00:00:00Z"), "key.change " + first);
    all.put(List.of("keys", "remove", second), "key.remove " + second);
    all.put(
        List.of("keys", "attribute", first, "--reason", "made since"), "usage.attribute before");
    all.put(List.of("instance", "create", "gateway-1"), "instance.create gateway-1");
    all.put(List.of("instance", "revoke", "gateway-1"), "instance.revoke gateway-1");
    all.put(
        List.of("streams", "write-off", STREAM, "--reason", "disk lost"),
        "stream.write-off " + STREAM);
    all.put(
        List.of("streams", "hand-over", STREAM, "--to", "gateway-2", "--reason", "host replaced"),
        "stream.hand-over " + STREAM);
    all.put(List.of("outbox", "retry", "--all"), "outbox.retry audit-test/");
    all.put(List.of("operator", "create", "ann"), "operator.create ann");
    all.put(List.of("token", "create", "--operator", "ann"), "token.create ");
    all.put(List.of("operator", "disable", "ann"), "operator.disable ann");
    return all;
  }

  private static final String STREAM = "00000000-0000-0000-0000-000000000007";

  /** A stream of which a number is missing. */
  private static void addStream() throws SQLException {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(directory))) {
      var unused =
          database.call(
              connection ->
                  connection
                      .createStatement()
                      .execute(
                          "INSERT INTO stream (uuid, instance, origin, highest_seq) VALUES ('"
                              + STREAM
                              + "', 'gateway-1', 'v2', 5);"
                              + "INSERT INTO stream_gap SELECT stream_id, 2, 3 FROM stream"
                              + " WHERE uuid = '"
                              + STREAM
                              + "'"));
    }
  }

  private static String done(List<String> words) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--data-dir", directory.toString()));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.exitCode()).as("%s: %s", words, run.err()).isZero();
    return run.out();
  }

  private static List<AuditLog.AuditEntry> entries() throws SQLException {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(directory))) {
      return new AuditLog(database).before(Long.MAX_VALUE, 1_000);
    }
  }

  private static List<AuditLog.AuditEntry> added(List<String> words) throws SQLException {
    int before = entries().size();
    String out = done(words);
    List<AuditLog.AuditEntry> all = entries();
    List<AuditLog.AuditEntry> added = all.subList(0, all.size() - before);
    assertThat(added).as("entries of %s", words).isNotEmpty();
    assertThat(added).allSatisfy(entry -> assertThat(entry.actor()).isEqualTo(ACTOR));
    for (String word : out.trim().split("\\s+", -1)) {
      if (word.length() > 20) {
        // Keys, tokens and passwords are the long words that a command says.
        assertThat(added.toString()).doesNotContain(word);
      }
    }
    return added;
  }

  /** An event that failed too often. Each test that adds one finds the subscriber of another. */
  private static void addParkedEvent() throws SQLException {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(directory))) {
      var unused =
          database.call(
              connection ->
                  connection
                      .createStatement()
                      .execute(
                          "INSERT INTO outbox_subscriber (name, kinds) VALUES ('audit-test', '{}')"
                              + " ON CONFLICT DO NOTHING;"
                              + "INSERT INTO outbox_event (event_id, kind, subject, payload, actor)"
                              + " VALUES (gen_random_uuid(), 'test.happened', 's', '{}', 'ann');"
                              + "INSERT INTO outbox_delivery (position, subscriber, subject, state,"
                              + " attempts, problem) SELECT max(position), 'audit-test', 's',"
                              + " 'parked', 16, 'broken' FROM outbox_event"));
    }
  }

  @Test
  void outbox_listAndRetry_showAndMoveWhatIsParked() throws Exception {
    addParkedEvent();
    String position = done(List.of("outbox", "list")).lines().skip(1).findFirst().orElseThrow();
    assertThat(position).contains("audit-test", "test.happened", "16", "broken");
    String number = firstWord(position);
    assertThat(done(List.of("outbox", "retry", number))).isEqualTo("1 event is delivered now\n");
    assertThat(done(List.of("outbox", "list"))).isEqualTo("no event is parked\n");
    CommandRun again = CommandRun.of("outbox", "retry", number, "--data-dir", directory.toString());
    assertThat(again.exitCode()).isEqualTo(3);
    assertThat(again.err()).contains("no event " + number + " is parked");
    CommandRun neither = CommandRun.of("outbox", "retry", "--data-dir", directory.toString());
    assertThat(neither.exitCode()).isEqualTo(2);
    assertThat(neither.err()).contains("give POSITION or --all");
    removeParkedEvents();
  }

  private static void removeParkedEvents() throws SQLException {
    try (Database database = Database.unpooled(BillingServer.runningDatabase(directory))) {
      var unused =
          database.call(
              connection ->
                  connection
                      .createStatement()
                      .execute("DELETE FROM outbox_subscriber WHERE name = 'audit-test'"));
    }
  }

  @Test
  void commands_thatChangeSomething_leaveAnEntryOfTheUser_andThereAreNoOthers() throws Exception {
    addStream();
    addParkedEvent();
    done(List.of("apps", "create", "before"));
    String first = firstWord(done(List.of("keys", "create", "--app", "before")));
    String second = firstWord(done(List.of("keys", "create", "--app", "before")));
    String token = firstWord(done(List.of("token", "create")));
    Set<String> seen = new TreeSet<>(NO_CHANGES);
    Map<List<String>, String> changes = changes(first, second);
    changes.put(List.of("token", "revoke", token), "token.revoke " + token);
    int entries = 0;
    for (Map.Entry<List<String>, String> each : changes.entrySet()) {
      List<String> words = each.getKey();
      List<AuditLog.AuditEntry> added = added(words);
      entries += added.size();
      assertThat(added)
          .extracting(entry -> entry.action() + " " + entry.subject())
          .anyMatch(said -> said.startsWith(each.getValue()));
      seen.add(words.get(0) + " " + words.get(1));
    }
    assertThat(leaves("", BillingCommandLine.create("billing"))).isSubsetOf(seen);
    Proof.of("audit-commands")
        .with("changes", changes.size())
        .with("entries", entries)
        .with("commands_without_changes", NO_CHANGES.size())
        .print();
  }

  @Test
  void instance_shownAgainOrNotThere_leavesNoEntry() throws Exception {
    String password = done(List.of("instance", "create", "gateway-2"));
    int before = entries().size();
    assertThat(done(List.of("instance", "create", "gateway-2"))).isEqualTo(password);
    CommandRun none =
        CommandRun.of("instance", "revoke", "gateway-3", "--data-dir", directory.toString());
    assertThat(none.exitCode()).isEqualTo(3);
    assertThat(entries()).hasSize(before);
  }

  @Test
  void instance_withoutItsDatabase_isNeitherMadeNorRevoked() {
    String password = done(List.of("instance", "create", "gateway-4"));
    for (String name : List.of("gateway-4", "gateway-5")) {
      CommandRun refused =
          CommandRun.of(
              "instance",
              name.equals("gateway-4") ? "revoke" : "create",
              name,
              "--data-dir",
              directory.toString(),
              "--database",
              "jdbc:postgresql://127.0.0.1:1/none",
              "--database-password-file",
              directory.resolve("broker/ca.pem").toString());
      assertThat(refused.exitCode()).isEqualTo(3);
      assertThat(refused.err()).startsWith("billing: the database refused: ").hasLineCount(1);
    }
    assertThat(done(List.of("instance", "create", "gateway-4"))).isEqualTo(password);
    assertThat(done(List.of("instance", "list"))).doesNotContain("gateway-5");
  }

  private static String firstWord(String out) {
    return out.trim().split("\\s+", -1)[0];
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
