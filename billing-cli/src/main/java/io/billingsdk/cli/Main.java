package io.billingsdk.cli;

import io.billingsdk.cli.console.CommandLogging;

/** The entry point of {@code java -jar billing.jar}. */
public final class Main {
  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    CommandLogging.configure(arguments.length == 0 ? "" : arguments[0]);
    // Threads of the broker are not daemons: returning would not end the JVM after a failure.
    System.exit(BillingCommandLine.create("billing").execute(arguments));
  }
}
