package io.billingsdk.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

@Tag("system")
class CommandsTest {
  /** One for all lines that are parsed: to create it takes a third of a second. */
  private static final CommandLine LINE = BillingCommandLine.create("billing");

  @TempDir Path directory = Path.of("");

  /** The words after billing of each command that does something, with those before it. */
  static List<String> commands() {
    return leaves(LINE, "");
  }

  private static List<String> leaves(CommandLine command, String words) {
    List<String> all = new ArrayList<>();
    command
        .getSubcommands()
        .forEach(
            (name, each) -> {
              String path = (words + " " + name).trim();
              if (each.getSubcommands().isEmpty()) {
                all.add(path);
              }
              all.addAll(leaves(each, path));
            });
    return all;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEachCommand_hasExitCodesAndExamplesThatAreRight(String command) {
    CommandRun run = CommandRun.of((command + " --help").split(" ", -1));
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("\nExit codes:\n", "\nExamples:\n").doesNotContain("\u001b");
    String examples = run.out().substring(run.out().indexOf("\nExamples:\n"));
    // A line that was wrapped could not be copied.
    assertThat(examples.lines().skip(2)).allMatch(line -> line.matches("  \\S.*"));
    assertThat(examples).contains("billing " + command);
    examples.lines().filter(line -> line.contains("billing ")).forEach(CommandsTest::parse);
  }

  @Test
  void help_ofGroups_hasExamplesThatAreRight() {
    for (String group :
        List.of(
            "apps",
            "keys",
            "journal",
            "token",
            "operator",
            "instance",
            "plans",
            "customers",
            "sellers",
            "meters")) {
      String help = CommandRun.of(group, "--help").out();
      String examples = help.substring(help.indexOf("\nExamples:\n"));
      examples.lines().filter(line -> line.contains("billing ")).forEach(CommandsTest::parse);
    }
    String help = CommandRun.of("--help").out();
    assertThat(help.lines().filter(line -> line.startsWith("  billing "))).hasSizeGreaterThan(4);
    help.lines().filter(line -> line.startsWith("  billing ")).forEach(CommandsTest::parse);
  }

  /** What of a line a shell would give to the command, up to the words that explain it. */
  private static void parse(String line) {
    String call = line.trim().replaceFirst("^.*?\\bbilling ", "").split("  |[|>)]| && ", 2)[0];
    List<String> words =
        Pattern.compile("'([^']*)'|(\\S+)")
            .matcher(call)
            .results()
            .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
            .toList();
    assertThatCode(() -> LINE.parseArgs(words.toArray(new String[0])))
        .as(line)
        .doesNotThrowAnyException();
  }

  @Test
  void exitCodes_ofAllCommands_areInTheDocumentation() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "operations.md"));
    Set<String> codes = new TreeSet<>();
    for (String command : commands()) {
      CommandLine each = LINE;
      for (String word : command.split(" ", -1)) {
        each = requireNonNull(each.getSubcommands().get(word));
      }
      codes.addAll(each.getCommandSpec().usageMessage().exitCodeList().keySet());
    }
    assertThat(codes).containsExactly("0", "1", "130", "143", "2", "3", "4");
    String table = document.substring(document.indexOf("## Exit codes"));
    assertThat(codes)
        .allSatisfy(code -> assertThat(table).containsPattern("\n\\|[^|]*\\b" + code + "\\b"));
    assertThat(document)
        .contains(LINE.getSubcommands().keySet().stream().map(name -> "`" + name).toList());
  }

  @Test
  void completion_inBash_completesCommandsAndOptions() throws Exception {
    CommandRun run = CommandRun.of("completion");
    assertThat(run.exitCode()).isZero();
    Path script = Files.writeString(directory.resolve("completion"), run.out());
    assertThat(completed(script, "billing", "doc")).contains("doctor");
    assertThat(completed(script, "billing", "serve", "--mqtt")).contains("--mqtt-port");
    for (String each : List.of("usage", "tail", "send")) {
      assertThat(completed(script, "billing", each.substring(0, 2))).contains(each);
      assertThat(completed(script, "billing", each, "--tok")).contains("--token-file");
    }
  }

  /** What bash would offer for these words. */
  private String completed(Path script, String... words) throws Exception {
    String line = String.join(" ", words);
    Path said = directory.resolve("said");
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=%d; _complete_billing; echo \"${COMPREPLY[@]}\""
                    .formatted(script, line, words.length - 1, line, line.length()))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return Files.readString(said);
  }
}
