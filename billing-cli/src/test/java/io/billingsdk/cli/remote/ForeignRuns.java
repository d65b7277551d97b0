package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs of commands whose answers or refusals have a text of others, with what each must show. */
final class ForeignRuns {
  /** A line that is not ours, in whatever way a line could begin. */
  static final String FORGED = "FORGED";

  static final String HOSTILE =
      "a\n" + FORGED + "\r" + FORGED + "\u001b[2J\u202eb\u2066\u200b\u00a0c\u2028\u007f\u009bd";

  static final String STREAM = "6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11";

  private final RemoteServer server;
  private final Path directory;
  private final Path journal;
  private final Map<List<String>, Shows> runs = new LinkedHashMap<>();

  /**
   * At a server.
   *
   * @param directory for files that commands read and write
   * @param journal of a client
   */
  ForeignRuns(RemoteServer server, Path directory, Path journal) {
    this.server = server;
    this.directory = directory;
    this.journal = journal;
  }

  /** Whether the output has to show the text. */
  enum Shows {
    IT,
    NOT,
    /** It need not, but the options are right: the refusal is one of the server. */
    REFUSAL
  }

  private void put(boolean remote, Shows shows, String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    if (remote) {
      all.addAll(server.arguments("admin", "x").stream().skip(1).toList());
    } else if (!words[0].equals("journal")) {
      all.addAll(List.of("--data-dir", server.data().toString()));
    }
    runs.put(all, shows);
  }

  Map<List<String>, Shows> all() {
    for (String each :
        new String[] {"apps list", "keys list", "keys unknown", "streams", "token list"}) {
      put(false, Shows.IT, each.split(" ", -1));
    }
    put(false, Shows.IT, "streams", "--json");
    put(false, Shows.NOT, "instance", "list");
    put(false, Shows.NOT, "operator", "list");
    put(true, Shows.IT, "usage", "--by", "app,module,model");
    put(true, Shows.IT, "usage", "--by", "app,module,model", "--csv");
    put(true, Shows.IT, "usage", "--by", "app,module,model", "--json");
    for (String each : new String[] {"rejected", "conflicting", "corrections", "audit"}) {
      put(true, Shows.IT, each, "list");
      put(true, Shows.IT, each, "list", "--csv");
      put(true, Shows.IT, each, "list", "--json");
    }
    put(true, Shows.IT, "rejected", "show", "1");
    put(true, Shows.IT, "rejected", "show", "1", "--json");
    put(true, Shows.IT, "conflicting", "show", STREAM, "7");
    put(true, Shows.IT, "conflicting", "show", STREAM, "7", "--json");
    put(true, Shows.NOT, "replay", "1");
    put(true, Shows.NOT, "replay", "--all", "--dry-run");
    put(true, Shows.NOT, "replay", "--all", "--dry-run", "--json");
    put(false, Shows.NOT, "journal", "inspect", journal.toString());
    put(false, Shows.IT, "journal", "export", journal.toString());
    // Refusals say what was given.
    put(false, Shows.NOT, "apps", "create", HOSTILE + "x");
    put(false, Shows.NOT, "keys", "create", "--app", HOSTILE + "x");
    put(false, Shows.NOT, "keys", "set", HOSTILE, "--rate", "1");
    put(false, Shows.NOT, "keys", "block", HOSTILE, "--reason", HOSTILE);
    put(false, Shows.NOT, "keys", "unblock", HOSTILE);
    put(false, Shows.NOT, "keys", "expire", HOSTILE, "--at", "2099-01-01T00:00:00Z");
    put(false, Shows.NOT, "keys", "rotate", HOSTILE);
    put(false, Shows.NOT, "keys", "remove", HOSTILE);
    put(false, Shows.NOT, "keys", "attribute", HOSTILE, "--reason", HOSTILE);
    put(false, Shows.NOT, "instance", "create", HOSTILE);
    put(false, Shows.NOT, "instance", "revoke", HOSTILE);
    put(false, Shows.NOT, "operator", "create", HOSTILE);
    put(false, Shows.NOT, "operator", "disable", HOSTILE);
    put(false, Shows.NOT, "token", "create", "--operator", HOSTILE);
    put(false, Shows.NOT, "token", "revoke", HOSTILE);
    put(
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
    runsOfRevenue();
    put(false, Shows.NOT, "streams", "write-off", STREAM, "--reason", HOSTILE);
    put(false, Shows.IT, "streams", "hand-over", STREAM, "--to", "gateway-2", "--reason", HOSTILE);
    return runs;
  }

  private void runsOfRevenue() {
    for (String each :
        new String[] {
          "sellers list",
          "customers list",
          "customers show c-1",
          "customers apps c-1",
          "meters list"
        }) {
      put(true, Shows.IT, each.split(" ", -1));
    }
    put(true, Shows.IT, "meters", "show", "m-1");
    put(false, Shows.NOT, "outbox", "list");
    put(false, Shows.NOT, "outbox", "retry", HOSTILE);
    put(true, Shows.NOT, "plans", "list");
    put(true, Shows.NOT, "subscriptions", "list", "--customer", HOSTILE);
    put(true, Shows.NOT, "quotas", "list", "--customer", HOSTILE);
    // Refusals say what was given: the server answers each of these.
    of("sellers create s-2 --currency EUR --zone H --name H --line H --city H --country H");
    of("customers create c-2 --currency EUR --zone H --name H --tax-region H --locale H");
    of("customers change c-1 --name H --zone H --locale H --seller H");
    of("customers assign H --app H");
    put(true, Shows.IT, "customers", "release", "c-1", "--app", HOSTILE);
    of("customers clock c-1 --to 2099-01-01T00:00:00Z");
    of("plans show H");
    of("plans versions H");
    of("plans publish H");
    of("plans diff H --from 1");
    of("plans export H");
    of("plans import " + planFile());
    of("subscriptions start --customer H --plan H");
    of("subscriptions migrate --plan H --from 1 --to 2 --preview");
    of("subscriptions switch " + STREAM + " --plan H");
    of("subscriptions bill-day " + STREAM + " --day 25");
    for (String each : "show cancel undo pause resume reactivate past-due paid".split(" ", -1)) {
      of("subscriptions " + each + " " + STREAM);
    }
    put(true, Shows.NOT, "subscriptions", "events", STREAM);
    put(true, Shows.NOT, "invoices", "list", "--customer", HOSTILE);
    put(true, Shows.NOT, "invoices", "failures");
    for (String each : "draft show explain verify".split(" ", -1)) {
      of("invoices " + each + " H");
    }
    put(true, Shows.NOT, "invoices", "document-failures");
    of("invoices documents H");
    of("invoices preview --seller H --out " + directory.resolve("preview.pdf"));
    of("invoices run --customer H");
    runsOfTaxes();
    put(true, Shows.NOT, "invoices", "export", "--customer", HOSTILE);
    put(true, Shows.NOT, "invoices", "export", "--format", "csv", "--customer", HOSTILE);
    of("revenue report --month H --zone H");
    of("invoices resume --last-number acme=1");
    of("customers settings c-1 --email H --legal-name H --template H --series H");
    of("sellers settings s-1 --holder H --iban H --template H");
    put(true, Shows.REFUSAL, "revenue", "invoiced", "--from", HOSTILE);
    of("invoices events H");
    of("reconcile --app H");
    of("ledger seal --day H");
    put(true, Shows.NOT, "ledger", "seals");
    of("ledger verify --from H");
    of("what-if --plan " + planFile());
    of("invoices compare --csv " + csv("other.csv", "customer,date,currency,net", "2026-11"));
    of("invoices margin --month H --costs " + csv("costs.csv", "module,model,per_unit", "1"));
    of("revenue forecast --day H --zone H");
    of("explain " + STREAM + "/1 --at H");
    of("invoices credit H --line 1 --amount 1 --reason H");
    of("invoices void H --reason H");
    put(true, Shows.NOT, "coupons", "list");
    of("coupons of H");
    of("credits of H");
    of("coupons create H --name H --percent 1");
    of("coupons give H --customer H");
    of("coupons end H --customer H");
    of("credits give H --kind prepaid --amount 1 --currency EUR --reason H");
    of("credits show H");
    of("credits withdraw H --reason H");
    of("quotas grant H --amount 1 --until 2099-01-01T00:00:00Z --reason H");
    of("quotas release H --reason H");
    of("reports month --customer H --month H");
    runsOfNotifications();
    runsOfPayments();
    runsOfCosts();
  }

  private void runsOfCosts() {
    of("forecast H --by customer");
    of("forecast H --by meter --customer H");
    of("forecast H --by app --zone H");
    put(true, Shows.NOT, "anomalies", "list");
    of("anomalies expect H --reason H");
    put(true, Shows.NOT, "privacy", "register", HOSTILE);
    put(true, Shows.IT, "privacy", "export", HOSTILE);
    put(true, Shows.NOT, "privacy", "erase", HOSTILE, "--reason", "r");
    of("costs list --from 2026-01-01T00:00:00Z --to H --service H --model H --state H");
    put(true, Shows.NOT, "costs", "unknown");
    of("costs explain H 1");
    of("costs focus --from H --to H --account H");
    of("costs rerate --from H --to H --service H --model H");
    put(true, Shows.NOT, "costs", "price-unknown", "--model", HOSTILE, "--reason", HOSTILE);
    put(true, Shows.NOT, "costs", "undo", "1", "--reason", HOSTILE);
    put(true, Shows.IT, "costs", "changes");
    of("costs reconcile " + planFile() + " --provider H --zone H");
    of("executions list --from 2026-01-01T00:00:00Z --to H --task H --currency H");
    of("executions show H");
    of("executions steps H");
    of("executions costs H");
    put(true, Shows.NOT, "prices", "list", "--provider", HOSTILE);
    put(true, Shows.NOT, "prices", "catalogues");
    of("prices plan " + planFile() + " --provider H");
    of("prices import " + planFile() + " --reason H");
    of("prices approve " + planFile() + " --fingerprint H --accept H --reason H");
    of("alerts list --state H --rule H");
    put(true, Shows.NOT, "alerts", "rules");
    of("alerts set H --scope H --bound H --period H --zone H --currency H --days 1");
    of("alerts remove H");
    of("alerts mute H");
    of("alerts unmute H");
    put(true, Shows.NOT, "budgets", "list");
    of("budgets set H --amount H --threshold H --service H --user H");
    runsOfStatistics();
  }

  private void runsOfStatistics() {
    put(true, Shows.NOT, "stats", "all");
    of("stats user H");
    of("stats erase H");
    put(true, Shows.NOT, "stats", "token", HOSTILE, "--hours", "2");
    put(true, Shows.NOT, "stats", "rotate-key", "--overlap", "1");
    put(true, Shows.NOT, "stats", "profiles");
    of("stats import " + planFile() + " --reason H");
  }

  private void runsOfPayments() {
    put(true, Shows.NOT, "payments", "list", "--customer", HOSTILE);
    put(true, Shows.NOT, "payments", "owed", "--customer", HOSTILE);
    put(true, Shows.NOT, "dunning", "list", "--customer", HOSTILE);
    put(true, Shows.NOT, "bank", "accounts");
    put(true, Shows.NOT, "bank", "lines");
    of("payments show H");
    of("payments receipt H --out " + directory.resolve("receipt.pdf"));
    of("payments record --customer H --amount 1 --currency H --on H --invoice H");
    of("payments refund H --amount 1 --currency EUR --reason H");
    of("payments write-off H --reason H");
    of("payments balance H");
    of("dunning show H");
    of("dunning stop H --reason H");
    of("dunning retry H --reason H");
    put(true, Shows.NOT, "dunning", "rules");
    of("dunning rule H --day 1");
    of("dunning threshold H 1");
    of("payments charge H");
    put(true, Shows.NOT, "payments", "charges", "--customer", HOSTILE);
    put(true, Shows.NOT, "payments", "unknown-charges");
    put(true, Shows.NOT, "payments", "providers");
    of("payments methods H");
    of("payments save-method H --provider H");
    of("payments top-up H --amount 1 --currency EUR");
    put(true, Shows.NOT, "refunds", "list", "--customer", HOSTILE);
    of("refunds create H --amount 1 --currency EUR --reason H");
    put(true, Shows.NOT, "webhooks", "parked");
    of("webhooks dismiss H --reason H");
    of("webhooks replay-parked H");
    of("bank add H --seller H --currency H");
    of("bank import " + planFile() + " --iban H");
    of("bank assign 1 --customer H --invoice H");
    of("bank ignore 1 --reason H");
  }

  private void runsOfTaxes() {
    of("tax register H --scheme H --country H --number H --from H");
    of("tax end H H --last-day H");
    of("tax set H --from H --country H --tax-id H");
    of("tax explain H --day H");
    of("tax import-rates " + planFile());
    of("tax import-exchange-rates " + planFile());
    of("tax returns H --month H");
    of("tax rates --country H");
    of("tax registrations H");
    of("tax show H");
  }

  private void runsOfNotifications() {
    put(true, Shows.NOT, "webhooks", "list", "--customer", HOSTILE);
    of("webhooks create H --customer H --kind H --format H");
    of("webhooks change H --url H --kind H");
    of("webhooks remove H");
    of("webhooks rotate H");
    put(true, Shows.NOT, "webhooks", "deliveries", HOSTILE);
    of("webhooks replay H --message H");
    put(true, Shows.NOT, "notifications", "kinds");
    put(true, Shows.NOT, "notifications", "recipients", "--customer", HOSTILE);
    of("notifications add H --customer H --kind H --locale H");
    of("notifications change H --kind H --locale H");
    of("notifications remove H");
    put(true, Shows.NOT, "notifications", "mails", "--state", HOSTILE);
    of("notifications replay H");
  }

  /** Of words with H for the hostile text. */
  private void of(String words) {
    String[] each = words.split(" ", -1);
    for (int i = 0; i < each.length; i++) {
      each[i] = each[i].equals("H") ? HOSTILE : each[i];
    }
    put(true, Shows.REFUSAL, each);
  }

  /** A row with hostile texts around a middle one. */
  private Path csv(String name, String columns, String middle) {
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

  private Path planFile() {
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
}
