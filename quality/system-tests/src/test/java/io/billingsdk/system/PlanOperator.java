package io.billingsdk.system;

import io.billingsdk.cli.BillingCommandLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./billing plans}, {@code customers} and {@code subscriptions}, in this JVM. */
final class PlanOperator {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

  private final Path data;
  private final Path scratch;
  private final Path tokenFile;

  /**
   * Works with the server of a data directory.
   *
   * @param scratch for files
   */
  PlanOperator(Path data, Path scratch, String token) throws IOException {
    this.data = data;
    this.scratch = scratch;
    this.tokenFile = scratch.resolve("token");
    Files.writeString(tokenFile, token);
  }

  /** Publishes the plans that come with the server. */
  void importShippedPlans() throws IOException {
    importPlans(run("plans", "example"));
  }

  /** Publishes the plans of a text. */
  void importPlans(String yaml) throws IOException {
    Path file = scratch.resolve("plans.yaml");
    Files.writeString(file, yaml);
    var unused = remote("plans", "import", file.toString(), "--publish");
  }

  /**
   * Makes a customer whose app this is; gives the id of its subscription.
   *
   * @param more of the command that starts it
   */
  String subscribe(String customer, String app, String plan, String... more) {
    var unused =
        remote("customers", "create", customer, "--currency", "USD", "--zone", "UTC")
            + remote("customers", "assign", customer, "--app", app);
    List<String> start =
        new ArrayList<>(List.of("subscriptions", "start", "--customer", customer, "--plan", plan));
    start.addAll(List.of(more));
    Matcher id = ID.matcher(remote(start.toArray(new String[0])));
    if (!id.find()) {
      throw new AssertionError("no subscription in what the command said");
    }
    return id.group();
  }

  /** The same for a customer with a test clock, which begins at a moment. */
  void subscribeByTestClock(String customer, String app, String plan, Instant begin) {
    var unused =
        words(
                "sellers create seller --name Seller --currency USD --zone UTC --line Way"
                    + " --city Town --country US")
            + words(
                "customers create "
                    + customer
                    + " --currency USD --zone UTC --seller seller --test-clock "
                    + begin)
            + words("customers assign " + customer + " --app " + app)
            + words("subscriptions start --customer " + customer + " --plan " + plan);
  }

  void moveClock(String customer, Instant to) {
    var unused = words("customers clock " + customer + " --to " + to);
  }

  /** What a customer owes, as JSON. */
  String owed(String customer) {
    return words("payments owed --json --customer " + customer);
  }

  /** One who records payments at the same server. */
  Payer payer() throws Exception {
    return Payer.connected(data, Files.readString(tokenFile));
  }

  /** Words with a space between them. */
  private String words(String words) {
    return remote(words.split(" "));
  }

  void switchNow(String subscription, String plan) {
    var unused = remote("subscriptions", "switch", subscription, "--plan", plan, "--timing", "now");
  }

  void cancelNow(String subscription) {
    var unused = remote("subscriptions", "cancel", subscription, "--now");
  }

  private String remote(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data-dir", data.toString(), "--token-file", tokenFile.toString()));
    return run(all.toArray(new String[0]));
  }

  private static String run(String... arguments) {
    StringWriter said = new StringWriter();
    StringWriter complained = new StringWriter();
    int code =
        BillingCommandLine.create("billing")
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(arguments);
    if (code != 0) {
      throw new AssertionError(arguments[1] + " ended with " + code + ": " + complained);
    }
    return said.toString();
  }
}
