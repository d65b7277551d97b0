package io.billingsdk.examples.demo;

import io.billingsdk.cli.BillingCommandLine;
import io.billingsdk.cli.console.CommandLogging;
import picocli.CommandLine;

/** The entry point of {@code ./billing}: the operator's commands, and the demo. */
final class Main {
  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    String command = arguments.length == 0 ? "" : arguments[0];
    if (!command.equals("demo")) {
      CommandLogging.configure(command);
    }
    // Threads of the broker are not daemons: returning would not end the JVM after a failure.
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return BillingCommandLine.create("./billing", new DemoCommand());
  }
}
