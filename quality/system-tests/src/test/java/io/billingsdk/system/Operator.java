package io.billingsdk.system;

import io.billingsdk.cli.BillingCommandLine;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ./billing apps} and {@code ./billing keys}, in this JVM: what it takes to start is not
 * measured.
 */
final class Operator {
  private final List<String> where;

  /** Works with a server of these options. */
  Operator(List<String> where) {
    this.where = List.copyOf(where);
  }

  void createApp(String app) {
    run("apps", "create", app);
  }

  /** Makes a key. */
  NamedKey createKey(String app) {
    return named(run("keys", "create", "--app", app));
  }

  /** Makes a key that the feed of protocol v1 carries. */
  NamedKey createLegacyKey(String app) {
    return named(run("keys", "create", "--app", app, "--legacy"));
  }

  private static NamedKey named(String line) {
    String[] words = line.trim().split(" +", -1);
    return new NamedKey(words[0], words[1]);
  }

  /** Makes an instance for services with the Python SDK, and returns its password. */
  String createV1Instance(String name) {
    return run("instance", "create", name, "--v1").trim();
  }

  void block(NamedKey key) {
    run("keys", "block", key.id(), "--reason", "by the test");
  }

  /** Gives a key quotas, in place of those it has. */
  void limit(NamedKey key, String quota) {
    run("keys", "set", key.id(), "--quota", quota);
  }

  /** Makes a token that may change everything. */
  String createToken() {
    return named(run("token", "create", "--scope", "admin")).text();
  }

  /** A key and its name. */
  record NamedKey(String id, String text) {}

  private String run(String command, String subcommand, String... more) {
    List<String> arguments = new ArrayList<>(List.of(command, subcommand));
    arguments.addAll(List.of(more));
    arguments.addAll(where);
    StringWriter said = new StringWriter();
    StringWriter complained = new StringWriter();
    int code =
        BillingCommandLine.create("billing")
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(arguments.toArray(new String[0]));
    if (code != 0) {
      throw new AssertionError(subcommand + " ended with " + code + ": " + complained);
    }
    return said.toString();
  }
}
