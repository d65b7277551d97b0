package io.billingsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("system")
class CommandTest {
  @TempDir Path directory = Path.of("");

  @Test
  void run_noArguments_printsHelp() {
    CommandRun run = CommandRun.of();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("Usage: billing", "demo");
  }

  @Test
  void demo_help_saysOptionsExamplesAndExitCodes() {
    CommandRun run = CommandRun.of("demo", "--help");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("--calls", "--seed", "--input", "--keep-running", "--json")
        .contains("Examples:", "Exit codes:");
  }

  @Test
  void demo_callsOutOfRange_namesTheRange() {
    refused("--calls must be a whole number from 10 to 1000000, but was 9", "demo", "--calls", "9");
    refused("--calls must be a whole number from 10 to 1000000, but was -1", "demo", "--calls=-1");
    refused(
        "--calls must be a whole number from 10 to 1000000, but was 1000001",
        "demo",
        "--calls",
        "1000001");
  }

  @Test
  void demo_callsNoNumber_saysSo() {
    refused(
        "--calls must be a whole number from 10 to 1000000, but was many",
        "demo",
        "--calls",
        "many");
  }

  @Test
  void demo_seedNoNumber_saysSo() {
    refused("--seed must be a whole number from", "demo", "--seed", "x");
  }

  @Test
  void demo_unknownOption_isNamed() {
    refused("--fast", "demo", "--fast");
  }

  @Test
  void run_unknownCommand_isNamed() {
    refused("'dem'", "dem");
  }

  @Test
  void demo_inputNoDirectory_saysSo() {
    refused("missing is not a directory", "demo", "--input", directory + "/missing");
  }

  @Test
  void demo_inputWithoutPrompts_saysWhatIsExpected() throws IOException {
    Files.writeString(directory.resolve("a.txt"), "\n  \n");
    refused("has no *.txt file with a prompt in it", "demo", "--input", directory.toString());
  }

  @Test
  void demo_inputNotText_namesTheFile() throws IOException {
    Files.write(directory.resolve("a.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    refused("a.txt is not UTF-8 text", "demo", "--input", directory.toString());
  }

  private static void refused(String message, String... arguments) {
    CommandRun run = CommandRun.of(arguments);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }
}
