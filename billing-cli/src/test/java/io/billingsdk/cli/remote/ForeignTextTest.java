package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.UsageEvent;
import io.billingsdk.cli.BillingCommandLine;
import io.billingsdk.cli.CommandRun;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.common.ShownText;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
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
@Timeout(180)
class ForeignTextTest {
  /** A line that is not ours, in whatever way a line could begin. */
  private static final String FORGED = "FORGED";

  private static final String HOSTILE =
      "a\n" + FORGED + "\r" + FORGED + "\u001b[2J\u202eb\u2066\u200b\u00a0c\u2028\u007f\u009bd";

  /** As SQL has it. */
  private static final String H =
      "E'a\\n"
          + FORGED
          + "\\r"
          + FORGED
          + "\\x1b[2J\\u202eb\\u2066\\u200b\\u00a0c\\u2028\\x7f\\u009bd'";

  private static final String STREAM = "6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11";

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

  /** Whether the output has to show the text. */
  private enum Shows {
    IT,
    NOT,
    /** It need not, but the options are right: the refusal is one of the server. */
    REFUSAL
  }

  private static void put(
      Map<List<String>, Shows> runs, boolean remote, Shows shows, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    if (remote) {
      all.addAll(server.arguments("admin", "x").stream().skip(1).toList());
    } else if (!words[0].equals("journal")) {
      all.addAll(List.of("--data-dir", server.data().toString()));
    }
    runs.put(all, shows);
  }

  private static Map<List<String>, Shows> runs() {
    Map<List<String>, Shows> all = new LinkedHashMap<>();
    for (String each :
        new String[] {"apps list", "keys list", "keys unknown", "streams", "token list"}) {
      put(all, false, Shows.IT, each.split(" ", -1));
    }
    put(all, false, Shows.IT, "streams", "--json");
    put(all, false, Shows.NOT, "instance", "list");
    put(all, false, Shows.NOT, "operator", "list");
    put(all, true, Shows.IT, "usage", "--by", "app,module,model");
    put(all, true, Shows.IT, "usage", "--by", "app,module,model", "--csv");
    put(all, true, Shows.IT, "usage", "--by", "app,module,model", "--json");
    for (String each : new String[] {"rejected", "conflicting", "corrections", "audit"}) {
      put(all, true, Shows.IT, each, "list");
      put(all, true, Shows.IT, each, "list", "--csv");
      put(all, true, Shows.IT, each, "list", "--json");
    }
    put(all, true, Shows.IT, "rejected", "show", "1");
    put(all, true, Shows.IT, "rejected", "show", "1", "--json");
    put(all, true, Shows.IT, "conflicting", "show", STREAM, "7");
    put(all, true, Shows.IT, "conflicting", "show", STREAM, "7", "--json");
    put(all, true, Shows.NOT, "replay", "1");
    put(all, true, Shows.NOT, "replay", "--all", "--dry-run");
    put(all, true, Shows.NOT, "replay", "--all", "--dry-run", "--json");
    put(all, false, Shows.NOT, "journal", "inspect", journal.toString());
    put(all, false, Shows.IT, "journal", "export", journal.toString());
    // Refusals say what was given.
    put(all, false, Shows.NOT, "apps", "create", HOSTILE + "x");
    put(all, false, Shows.NOT, "keys", "create", "--app", HOSTILE + "x");
    put(all, false, Shows.NOT, "keys", "set", HOSTILE, "--rate", "1");
    put(all, false, Shows.NOT, "keys", "block", HOSTILE, "--reason", HOSTILE);
    put(all, false, Shows.NOT, "keys", "unblock", HOSTILE);
    put(all, false, Shows.NOT, "keys", "expire", HOSTILE, "--at", "2099-01-01T00:00:00Z");
    put(all, false, Shows.NOT, "keys", "rotate", HOSTILE);
    put(all, false, Shows.NOT, "keys", "remove", HOSTILE);
    put(all, false, Shows.NOT, "keys", "attribute", HOSTILE, "--reason", HOSTILE);
    put(all, false, Shows.NOT, "instance", "create", HOSTILE);
    put(all, false, Shows.NOT, "instance", "revoke", HOSTILE);
    put(all, false, Shows.NOT, "operator", "create", HOSTILE);
    put(all, false, Shows.NOT, "operator", "disable", HOSTILE);
    put(all, false, Shows.NOT, "token", "create", "--operator", HOSTILE);
    put(all, false, Shows.NOT, "token", "revoke", HOSTILE);
    put(
        all,
        true,
        Shows.NOT,
        "corrections",
        "create",
        STREAM,
        "1",
        "--occurred-at",
        "2026-01-01T00:00:00Z",
        "--usage",
        "1",
        "--reason",
        HOSTILE);
    runsOfRevenue(all);
    put(all, false, Shows.NOT, "streams", "write-off", STREAM, "--reason", HOSTILE);
    put(
        all,
        false,
        Shows.IT,
        "streams",
        "hand-over",
        STREAM,
        "--to",
        "gateway-2",
        "--reason",
        HOSTILE);
    return all;
  }

  private static void runsOfRevenue(Map<List<String>, Shows> all) {
    for (String each :
        new String[] {
          "sellers list",
          "customers list",
          "customers show c-1",
          "customers apps c-1",
          "meters list"
        }) {
      put(all, true, Shows.IT, each.split(" ", -1));
    }
    put(all, true, Shows.IT, "meters", "show", "m-1");
    put(all, false, Shows.NOT, "outbox", "list");
    put(all, false, Shows.NOT, "outbox", "retry", HOSTILE);
    put(all, true, Shows.NOT, "plans", "list");
    put(all, true, Shows.NOT, "subscriptions", "list", "--customer", HOSTILE);
    put(all, true, Shows.NOT, "quotas", "list", "--customer", HOSTILE);
    // Refusals say what was given: the server answers each of these.
    of(all, "sellers create s-2 --currency EUR --zone H --name H --line H --city H --country H");
    of(all, "customers create c-2 --currency EUR --zone H --name H --tax-region H --locale H");
    of(all, "customers change c-1 --name H --zone H --locale H --seller H");
    of(all, "customers assign H --app H");
    put(all, true, Shows.IT, "customers", "release", "c-1", "--app", HOSTILE);
    of(all, "customers clock c-1 --to 2099-01-01T00:00:00Z");
    of(all, "plans show H");
    of(all, "plans versions H");
    of(all, "plans publish H");
    of(all, "plans diff H --from 1");
    of(all, "plans export H");
    of(all, "plans import " + planFile());
    of(all, "subscriptions start --customer H --plan H");
    of(all, "subscriptions migrate --plan H --from 1 --to 2 --preview");
    of(all, "subscriptions switch " + STREAM + " --plan H");
    for (String each : "show cancel undo pause resume reactivate past-due paid".split(" ", -1)) {
      of(all, "subscriptions " + each + " " + STREAM);
    }
    put(all, true, Shows.NOT, "subscriptions", "events", STREAM);
    put(all, true, Shows.NOT, "invoices", "list", "--customer", HOSTILE);
    put(all, true, Shows.NOT, "invoices", "failures");
    for (String each : "draft show explain verify".split(" ", -1)) {
      of(all, "invoices " + each + " H");
    }
    put(all, true, Shows.NOT, "invoices", "document-failures");
    of(all, "invoices documents H");
    of(all, "invoices preview --seller H --out " + directory.resolve("preview.pdf"));
    of(all, "invoices run --customer H");
    runsOfTaxes(all);
    put(all, true, Shows.NOT, "invoices", "export", "--customer", HOSTILE);
    put(all, true, Shows.NOT, "invoices", "export", "--format", "csv", "--customer", HOSTILE);
    of(all, "revenue report --month H --zone H");
    of(all, "invoices resume --last-number acme=1");
    of(all, "customers settings c-1 --email H --legal-name H --template H --series H");
    of(all, "sellers settings s-1 --holder H --iban H --template H");
    put(all, true, Shows.REFUSAL, "revenue", "invoiced", "--from", HOSTILE);
    of(all, "invoices events H");
    of(all, "reconcile --app H");
    of(all, "what-if --plan " + planFile());
    of(all, "invoices compare --csv " + csv("other.csv", "customer,date,currency,net", "2026-11"));
    of(all, "invoices margin --month H --costs " + csv("costs.csv", "module,model,per_unit", "1"));
    of(all, "revenue forecast --day H --zone H");
    of(all, "explain " + STREAM + "/1 --at H");
    of(all, "invoices credit H --line 1 --amount 1 --reason H");
    of(all, "invoices void H --reason H");
    put(all, true, Shows.NOT, "coupons", "list");
    of(all, "coupons of H");
    of(all, "credits of H");
    of(all, "coupons create H --name H --percent 1");
    of(all, "coupons give H --customer H");
    of(all, "coupons end H --customer H");
    of(all, "credits give H --kind prepaid --amount 1 --currency EUR --reason H");
    of(all, "credits show H");
    of(all, "credits withdraw H --reason H");
    of(all, "quotas grant H --amount 1 --until 2099-01-01T00:00:00Z --reason H");
    of(all, "quotas release H --reason H");
    of(all, "reports month --customer H --month H");
    runsOfNotifications(all);
    runsOfPayments(all);
  }

  private static void runsOfPayments(Map<List<String>, Shows> all) {
    put(all, true, Shows.NOT, "payments", "list", "--customer", HOSTILE);
    put(all, true, Shows.NOT, "payments", "owed", "--customer", HOSTILE);
    put(all, true, Shows.NOT, "dunning", "list", "--customer", HOSTILE);
    put(all, true, Shows.NOT, "bank", "accounts");
    put(all, true, Shows.NOT, "bank", "lines");
    of(all, "payments show H");
    of(all, "payments receipt H --out " + directory.resolve("receipt.pdf"));
    of(all, "payments record --customer H --amount 1 --currency H --on H --invoice H");
    of(all, "payments refund H --amount 1 --currency EUR --reason H");
    of(all, "payments write-off H --reason H");
    of(all, "payments balance H");
    of(all, "dunning show H");
    of(all, "dunning stop H --reason H");
    of(all, "dunning retry H --reason H");
    put(all, true, Shows.NOT, "dunning", "rules");
    of(all, "dunning rule H --day 1");
    of(all, "dunning threshold H 1");
    of(all, "payments charge H");
    put(all, true, Shows.NOT, "payments", "charges", "--customer", HOSTILE);
    put(all, true, Shows.NOT, "payments", "unknown-charges");
    put(all, true, Shows.NOT, "payments", "providers");
    of(all, "payments methods H");
    of(all, "payments save-method H --provider H");
    of(all, "payments top-up H --amount 1 --currency EUR");
    put(all, true, Shows.NOT, "refunds", "list", "--customer", HOSTILE);
    of(all, "refunds create H --amount 1 --currency EUR --reason H");
    put(all, true, Shows.NOT, "webhooks", "parked");
    of(all, "webhooks dismiss H --reason H");
    of(all, "bank add H --seller H --currency H");
    of(all, "bank import " + planFile() + " --iban H");
    of(all, "bank assign 1 --customer H --invoice H");
    of(all, "bank ignore 1 --reason H");
  }

  private static void runsOfTaxes(Map<List<String>, Shows> all) {
    of(all, "tax register H --scheme H --country H --number H --from H");
    of(all, "tax end H H --last-day H");
    of(all, "tax set H --from H --country H --tax-id H");
    of(all, "tax explain H --day H");
    of(all, "tax import-rates " + planFile());
    of(all, "tax import-exchange-rates " + planFile());
    of(all, "tax returns H --month H");
    of(all, "tax rates --country H");
    of(all, "tax registrations H");
    of(all, "tax show H");
  }

  private static void runsOfNotifications(Map<List<String>, Shows> all) {
    put(all, true, Shows.NOT, "webhooks", "list", "--customer", HOSTILE);
    of(all, "webhooks create H --customer H --kind H");
    of(all, "webhooks change H --url H --kind H");
    of(all, "webhooks remove H");
    of(all, "webhooks rotate H");
    put(all, true, Shows.NOT, "webhooks", "deliveries", HOSTILE);
    of(all, "webhooks replay H --message H");
    put(all, true, Shows.NOT, "notifications", "kinds");
    put(all, true, Shows.NOT, "notifications", "recipients", "--customer", HOSTILE);
    of(all, "notifications add H --customer H --kind H --locale H");
    of(all, "notifications change H --kind H --locale H");
    of(all, "notifications remove H");
    put(all, true, Shows.NOT, "notifications", "mails", "--state", HOSTILE);
    of(all, "notifications replay H");
  }

  /** Of words with H for the hostile text. */
  private static void of(Map<List<String>, Shows> all, String words) {
    String[] each = words.split(" ", -1);
    for (int i = 0; i < each.length; i++) {
      each[i] = each[i].equals("H") ? HOSTILE : each[i];
    }
    put(all, true, Shows.REFUSAL, each);
  }

  /** A row with hostile texts around a middle one. */
  private static Path csv(String name, String columns, String middle) {
    try {
      String quoted = '"' + HOSTILE.replace("\"", "\"\"") + '"';
      int commas = columns.split(",", -1).length - 3;
      return Files.writeString(
          directory.resolve(name),
          columns + "\n" + quoted + "," + middle + "," + "1,".repeat(commas) + quoted + "\n");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static Path planFile() {
    try {
      return Files.writeString(
          directory.resolve("plans.json"),
          new ObjectMapper()
              .writeValueAsString(
                  Map.of("plans", List.of(Map.of("plan", HOSTILE, HOSTILE, HOSTILE)))));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
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
    Map<List<String>, Shows> runs = runs();
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
