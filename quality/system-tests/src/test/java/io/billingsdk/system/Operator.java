package io.billingsdk.system;

import io.billingsdk.cli.operator.AppsCommand;
import io.billingsdk.cli.operator.InstanceCommand;
import io.billingsdk.cli.operator.KeysCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

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
    run(new AppsCommand(), "create", app);
  }

  /** Makes a key. */
  NamedKey createKey(String app) {
    return named(run(new KeysCommand(), "create", "--app", app));
  }

  /** Makes a key that the feed of protocol v1 carries. */
  NamedKey createLegacyKey(String app) {
    return named(run(new KeysCommand(), "create", "--app", app, "--legacy"));
  }

  private static NamedKey named(String line) {
    String[] words = line.trim().split(" +", -1);
    return new NamedKey(words[0], words[1]);
  }

  /** Makes an instance for services with the Python SDK, and returns its password. */
  String createV1Instance(String name) {
    return run(new InstanceCommand(), "create", name, "--v1").trim();
  }

  void block(NamedKey key) {
    run(new KeysCommand(), "block", key.id(), "--reason", "by the test");
  }

  /** A key and its name. */
  record NamedKey(String id, String text) {}

  private String run(Object command, String subcommand, String... more) {
    List<String> arguments = new ArrayList<>(List.of(subcommand));
    arguments.addAll(List.of(more));
    arguments.addAll(where);
    StringWriter said = new StringWriter();
    StringWriter complained = new StringWriter();
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(complained))
            .execute(arguments.toArray(new String[0]));
    if (code != 0) {
      throw new AssertionError(subcommand + " ended with " + code + ": " + complained);
    }
    return said.toString();
  }
}
