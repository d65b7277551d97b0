package io.billingsdk.cli;

import static java.util.Objects.requireNonNull;

import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Printable;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.cli.console.WrongValueException;
import io.billingsdk.server.common.ServerException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;

/**
 * The commands, with how they fail: one line on stderr that begins with {@code billing:}, never a
 * stack trace, and an exit code of docs/operations.md. For one thread.
 */
public final class BillingCommandLine {
  private static final int FAILED = ExitCode.SOFTWARE;

  /** Not done, for a reason that the message says; 1 has a meaning of its own in some commands. */
  private static final int REFUSED = 3;

  /** Of commands that say no others. */
  private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

  static {
    EXIT_CODES.put("0", "done");
    EXIT_CODES.put("2", "wrong usage");
    EXIT_CODES.put("3", "refused or not possible; the reason is on stderr");
  }

  private BillingCommandLine() {}

  /**
   * A command line with all commands of an operator.
   *
   * @param called how the caller is started, for hints: {@code billing}, {@code ./billing}
   * @param more commands beside those
   */
  public static CommandLine create(String called, Object... more) {
    return create(System::getenv, Path.of("").toAbsolutePath(), called, more);
  }

  /** The same with another environment and working directory, for its settings. */
  static CommandLine create(
      UnaryOperator<@Nullable String> environment, Path directory, String called, Object... more) {
    CommandLine commandLine = new CommandLine(new BillingCommand());
    BillingCommand.subcommands().forEach(commandLine::addSubcommand);
    for (Object each : more) {
      commandLine.addSubcommand(each);
    }
    Set<String> settings =
        Settings.namesOf(
            requireNonNull(commandLine.getSubcommands().get("serve")).getCommandSpec());
    describeExitCodes(commandLine);
    findDetachedValues(commandLine);
    // Last: a command added later would not fail like the others.
    return commandLine
        .setColorScheme(Help.defaultColorScheme(ansi()))
        // A value stands for itself: it is never the name of a file, nor quoted.
        .setExpandAtFiles(false)
        .setTrimQuotes(false)
        // Otherwise --reason=-hold would be the options -h, -o, -l and -d.
        .setAllowOptionsAsOptionParameters(true)
        .setDefaultValueProvider(new Settings(environment, directory, settings))
        .setParameterExceptionHandler((wrong, arguments) -> refuse(called, wrong))
        .setExecutionExceptionHandler((failed, command, parsed) -> fail(called, failed, command));
  }

  private static void findDetachedValues(CommandLine command) {
    command.getSubcommands().values().forEach(BillingCommandLine::findDetachedValues);
    CommandSpec unused = command.getCommandSpec().preprocessor(new DetachedValues());
  }

  /** The help of each command that does something says its exit codes. */
  private static void describeExitCodes(CommandLine command) {
    command.getSubcommands().values().forEach(BillingCommandLine::describeExitCodes);
    UsageMessageSpec help = command.getCommandSpec().usageMessage();
    if (command.getSubcommands().isEmpty()) {
      help.exitCodeListHeading("%nExit codes:%n");
      if (help.exitCodeList().isEmpty()) {
        help.exitCodeList(EXIT_CODES);
      }
    }
  }

  /** By the streams themselves: picocli asks Java, which knows of both together alone. */
  private static Ansi ansi() {
    return Terminal.ofProcess().colour() ? Ansi.ON : Ansi.OFF;
  }

  /** The usage of all options would push the message off the screen. */
  private static int refuse(String called, ParameterException wrong) {
    return refuse(called, wrong.getCommandLine(), message(wrong));
  }

  private static int refuse(String called, CommandLine command, @Nullable String message) {
    String name = command.getCommandSpec().qualifiedName().replaceFirst("^billing", called);
    command.getErr().println("billing: " + Printable.text(String.valueOf(message)));
    command.getErr().println("Try: " + name + " --help");
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** In our words where a value is wrong: the option, and what it must be. */
  private static @Nullable String message(ParameterException wrong) {
    if (!(wrong.getCause() instanceof WrongValueException value)) {
      return wrong.getMessage();
    }
    ArgSpec argument = wrong.getArgSpec();
    return argument instanceof OptionSpec option
        ? option.longestName() + " " + value.getMessage()
        : argument.paramLabel() + " " + value.getMessage();
  }

  private static int fail(String called, Exception failed, CommandLine command) {
    if (failed instanceof WrongOptionException) {
      return refuse(called, command, failed.getMessage());
    }
    PrintWriter err = command.getErr();
    // Both are written for an operator; anything else is a defect, and its kind says more.
    boolean said = failed instanceof ServerException || failed instanceof CommandException;
    err.println("billing: " + Printable.text(String.valueOf(said ? failed.getMessage() : failed)));
    err.flush();
    return said ? REFUSED : FAILED;
  }
}
