package io.billingsdk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CommandsTest {
  @TempDir Path directory = Path.of("");

  static java.util.Set<String> commands() {
    return BillingCommandLine.create("billing").getSubcommands().keySet();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_ofEachCommand_hasExamples(String command) {
    CommandRun run = CommandRun.of(command, "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).containsPattern("Examples?:").contains("billing " + command);
  }

  @Test
  void completion_inBash_completesCommandsAndOptions() throws Exception {
    CommandRun run = CommandRun.of("completion");
    assertThat(run.exitCode()).isZero();
    Path script = Files.writeString(directory.resolve("completion"), run.out());
    assertThat(completed(script, "billing", "doc")).contains("doctor");
    assertThat(completed(script, "billing", "serve", "--mqtt")).contains("--mqtt-port");
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
