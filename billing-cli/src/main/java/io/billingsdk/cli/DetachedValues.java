package io.billingsdk.cli;

import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Finds an option that lacks its value: {@code --reason --data-dir DIR}. A value may be anything
 * once it is attached ({@code --reason=--data-dir}), so the parser takes anything as a value; a
 * detached one that is an option of the command was meant as one.
 */
final class DetachedValues implements IParameterPreprocessor {
  private static final String END_OF_OPTIONS = "--";

  /** Before the command parses its arguments; leaves them as they are. */
  @Override
  @SuppressWarnings("JdkObsolete") // The type of the parser's own interface.
  public boolean preprocess(
      Stack<String> arguments,
      CommandSpec command,
      @Nullable ArgSpec unused,
      Map<String, Object> info) {
    // The first argument is at the top, which is the end.
    for (int i = arguments.size() - 1; i > 0; i--) {
      String each = arguments.get(i);
      if (each.equals(END_OF_OPTIONS) || command.subcommands().containsKey(each)) {
        return false;
      }
      OptionSpec option = command.optionsMap().get(each);
      if (option != null && option.arity().min() > 0) {
        i--;
        requireValue(command, each, arguments.get(i));
      }
    }
    return false;
  }

  private static void requireValue(CommandSpec command, String option, String value) {
    String name = value.contains("=") ? value.substring(0, value.indexOf('=')) : value;
    if (command.optionsMap().containsKey(name)) {
      throw new ParameterException(
          command.commandLine(),
          option
              + " needs a value, but "
              + name
              + " follows, which is an option; a value like that is given as "
              + option
              + "="
              + name);
    }
  }
}
