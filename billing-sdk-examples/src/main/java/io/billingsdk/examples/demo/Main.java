package io.billingsdk.examples.demo;

import io.billingsdk.server.ServerException;
import io.billingsdk.server.cli.CommandLogging;
import java.io.PrintWriter;
import picocli.CommandLine;

/** The entry point of {@code ./billing}. */
public final class Main {
  private static final int FAILED = 1;

  /** Not done, for a reason that the message says; 1 has a meaning of its own in some commands. */
  private static final int REFUSED = 3;

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
    CommandLine commandLine = new CommandLine(new BillingCommand());
    // The usage of all options would push the message off the screen.
    commandLine.setParameterExceptionHandler(
        (wrong, rejected) -> {
          CommandLine command = wrong.getCommandLine();
          command.getErr().println("billing: " + wrong.getMessage());
          command
              .getErr()
              .println("Try: ./" + command.getCommandSpec().qualifiedName() + " --help");
          command.getErr().flush();
          return command.getCommandSpec().exitCodeOnInvalidInput();
        });
    commandLine.setExecutionExceptionHandler(
        (failed, command, parsed) -> {
          PrintWriter err = command.getErr();
          // What the server says is for its operator as it is.
          boolean said = failed instanceof ServerException;
          err.println("billing: " + (said ? failed.getMessage() : failed));
          err.flush();
          return said ? REFUSED : FAILED;
        });
    return commandLine;
  }
}
