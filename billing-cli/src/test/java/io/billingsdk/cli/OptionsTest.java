package io.billingsdk.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.cli.console.Whole;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** All options and positional values of all commands: a value is what was given. */
@Tag("system")
class OptionsTest {
  private static final Set<Class<?>> NUMBERS =
      Set.of(int.class, long.class, double.class, Integer.class, Long.class, Double.class);

  private static final List<String> NO_NUMBERS =
      List.of(
          "abc",
          "-5",
          "1e9",
          "99999999999999999999",
          "-99999999999999999999",
          "",
          " 1",
          "0x10",
          "1.5",
          "1_000",
          "NaN",
          "\u0663",
          "1d");

  @TempDir Path directory = Path.of("");

  /** Values that a parser, a shell's friend or a terminal could take for something else. */
  private List<String> values() throws IOException {
    Path file = Files.writeString(directory.resolve("arguments"), "content-of-a-file --help");
    return List.of(
        "@" + file,
        "@no-such-file",
        "@@x",
        "-x",
        "-hold",
        "-h",
        "--help",
        "--data-dir",
        "--data-dir=x",
        "",
        " leading",
        "trailing ",
        "\"quoted\"",
        "'quoted'",
        "\"a\" \"b\"",
        "a\"b",
        "${sys:user.dir}",
        "${HOME}",
        "${env:HOME:-x}",
        "$$",
        "a\nb",
        "a,b",
        "a=b",
        "=",
        "%s%n",
        "\\n",
        "apps",
        "list",
        "\u202egnp",
        "-1",
        "#x",
        "!x");
  }

  /** One for all: it takes as long to make as to parse a hundred times. */
  private static final CommandLine BILLING = BillingCommandLine.create("billing");

  private static CommandLine commandLine(String command) {
    CommandLine each = BILLING;
    for (String word : command.split(" ", -1)) {
      each = requireNonNull(each.getSubcommands().get(word));
    }
    return each;
  }

  private static CommandSpec spec(String command) {
    return commandLine(command).getCommandSpec();
  }

  @Test
  void options_ofEachCommand_haveATextAndANameForTheirValue() {
    List<String> without = new ArrayList<>();
    for (String command : CommandsTest.commands()) {
      for (ArgSpec each : spec(command).args()) {
        String text = String.join(" ", each.description()).strip();
        boolean takesValue = each.arity().max() > 0;
        if (text.isEmpty() || (takesValue && each.paramLabel().matches("<.*>"))) {
          without.add(command + " " + each);
        }
      }
    }
    assertThat(without).isEmpty();
  }

  @Test
  void values_ofEachOptionAndPosition_areWhatWasGiven() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<String> walked = new LinkedHashSet<>();
    long tried = 0;
    for (String command : CommandsTest.commands()) {
      for (ArgSpec each : spec(command).args()) {
        if (!isText(each)) {
          continue;
        }
        walked.add(command + " " + each);
        for (String value : values()) {
          tried++;
          String held = held(command, each, value);
          if (!value.equals(held)) {
            wrong.add(command + " " + each + " [" + value + "] became [" + held + "]");
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(walked).hasSizeGreaterThan(60);
    Proof.of("cli-options")
        .with("commands", CommandsTest.commands().size())
        .with("options", walked.size())
        .with("values", tried)
        .with("wrong", wrong.size())
        .print();
  }

  /** Text, or the name of a file; what has a form of its own refuses what has not that form. */
  private static boolean isText(ArgSpec each) {
    Class<?> type = each.isMultiValue() ? each.auxiliaryTypes()[0] : each.type();
    return each.arity().max() > 0
        && (type == String.class || type == Path.class)
        && each.converters().length == 0;
  }

  private static String held(String command, ArgSpec argument, String value) {
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    String name = argument instanceof OptionSpec option ? option.longestName() : "";
    for (ArgSpec each : spec(command).args()) {
      if (each instanceof OptionSpec other
          && other.required()
          && isWith(other, argument)
          && !other.longestName().equals(name)) {
        words.add(other.longestName());
        if (other.arity().max() > 0) {
          words.add(sample(other));
        }
      }
    }
    if (!name.isEmpty()) {
      words.add(name + "=" + value);
    }
    // What begins with - is no option behind it.
    words.add("--");
    for (ArgSpec each : spec(command).positionalParameters()) {
      boolean isIt = name.isEmpty() && each.paramLabel().equals(argument.paramLabel());
      if (isIt || each.required()) {
        words.add(isIt ? value : sample(each));
      }
    }
    try {
      ParseResult parsed = BILLING.parseArgs(words.toArray(new String[0]));
      while (parsed.hasSubcommand()) {
        parsed = parsed.subcommand();
      }
      return text(parsed, name, argument);
    } catch (CommandLine.ParameterException refused) {
      return "refused: " + refused.getMessage();
    }
  }

  /** In a group of which one may be given each counts as required; in another one all go along. */
  private static boolean isWith(OptionSpec required, ArgSpec argument) {
    ArgGroupSpec group = required.group();
    return group == null || (group.equals(argument.group()) && !group.exclusive());
  }

  private static String text(ParseResult parsed, String name, ArgSpec argument) {
    Object held =
        name.isEmpty()
            ? parsed.commandSpec().positionalParameters().stream()
                .filter(each -> each.paramLabel().equals(argument.paramLabel()))
                .findFirst()
                .orElseThrow()
                .getValue()
            : parsed.commandSpec().findOption(name).getValue();
    return String.valueOf(held instanceof List<?> list && list.size() == 1 ? list.get(0) : held);
  }

  private static String sample(ArgSpec each) {
    if (each.type() == java.util.UUID.class) {
      return "6f1c0f0e-8f43-4a52-9f2e-0c5a1d1b7c11";
    }
    return each.converters().length > 0 || NUMBERS.contains(each.type()) ? "1" : "x";
  }

  @Test
  void value_thatIsMissing_isToldFromTheOptionThatFollows() {
    CommandRun run = CommandRun.of("keys", "block", "k_1", "--reason", "--data-dir", "x");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("billing: --reason needs a value, but --data-dir follows")
        .contains("--reason=--data-dir");
  }

  @Test
  void numbers_ofEachOption_areRefusedWithOptionBoundAndWhatWasExpected() {
    List<String> unchecked = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    int walked = 0;
    for (String command : CommandsTest.commands()) {
      for (ArgSpec each : spec(command).args()) {
        if (!isNumber(each)) {
          continue;
        }
        walked++;
        if (each.converters().length == 0) {
          unchecked.add(command + " " + each);
          continue;
        }
        for (String bad : NO_NUMBERS) {
          if (!isTaken(each.converters()[0], bad)) {
            check(command, each, bad, wrong);
          }
        }
      }
    }
    assertThat(unchecked).isEmpty();
    assertThat(wrong).isEmpty();
    assertThat(walked).isGreaterThan(20);
  }

  private static boolean isNumber(ArgSpec each) {
    return each.arity().max() > 0
        && (NUMBERS.contains(each.type())
            || Number.class.isAssignableFrom(each.type())
            || (each.converters().length > 0
                && (each.converters()[0] instanceof Whole
                    || List.of("--rate", "--quota").contains(each.toString()))));
  }

  private static boolean isTaken(ITypeConverter<?> converter, String text) {
    try {
      return converter.convert(text) != null;
    } catch (Exception refused) {
      return false;
    }
  }

  private static CommandRun run(List<String> words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        BILLING
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words.toArray(new String[0]));
    return new CommandRun(code, out.toString(), err.toString());
  }

  private static void check(String command, ArgSpec argument, String bad, List<String> wrong) {
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    String name = argument instanceof OptionSpec option ? option.longestName() : "";
    if (name.isEmpty()) {
      words.add("--");
      for (ArgSpec each : spec(command).positionalParameters()) {
        words.add(each.paramLabel().equals(argument.paramLabel()) ? bad : sample(each));
      }
    } else {
      words.add(name + "=" + bad);
    }
    CommandRun run = run(words);
    String shown = name.isEmpty() ? argument.paramLabel() : name;
    String first = run.err().lines().findFirst().orElse("");
    boolean isRight =
        run.exitCode() == 2
            && run.out().isEmpty()
            && first.matches(
                "billing: " + shown + " must be .*(from .* to |number from 0|at most 400 days).*")
            && first.endsWith("but was " + bad)
            && run.err().lines().count() == 2;
    if (!isRight) {
      wrong.add(command + " " + shown + " " + bad + ": " + run);
    }
  }
}
