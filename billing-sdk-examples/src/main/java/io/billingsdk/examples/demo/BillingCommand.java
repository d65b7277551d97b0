package io.billingsdk.examples.demo;

import io.billingsdk.examples.journal.JournalCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./billing}: without a subcommand it prints help. */
@Command(
    name = "billing",
    description = "Usage metering and API-key enforcement for gRPC services.",
    mixinStandardHelpOptions = true,
    version = "billing-sdk 0.1.0-SNAPSHOT",
    subcommands = {DemoCommand.class, JournalCommand.class},
    footer = {
      "",
      "Examples:",
      "  ./billing demo                 the whole way once, with real parts",
      "  ./billing demo --help          its options",
      "  ./billing journal inspect DIR  what a client has not delivered yet"
    })
final class BillingCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
