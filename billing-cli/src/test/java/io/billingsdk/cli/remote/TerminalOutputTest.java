package io.billingsdk.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.billingsdk.cli.Main;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command writes on a terminal, and what into a pipe: real ones, by {@code script}. */
@Tag("postgres")
@Timeout(180)
class TerminalOutputTest {
  private static final String ESCAPE = "\u001b";

  @TempDir static Path directory;

  private static RemoteServer server;

  @BeforeAll
  static void serve() throws Exception {
    assumeThat(Files.isExecutable(Path.of("/usr/bin/script")))
        .as("script, of bsdutils, makes a terminal")
        .isTrue();
    server = RemoteServer.start(directory);
    var unused =
        server.send(
            "--key-id", server.key().keyId(), "--module", "m", "--model", "x", "--usage", "3");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** The command in a JVM of its own, as a line for a shell. */
  private static String shell(String token, String command, String... arguments) {
    return shell(server.arguments(token, command, arguments));
  }

  private static String shell(List<String> arguments) {
    return Stream.concat(
            Stream.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()),
            arguments.stream())
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(" "));
  }

  private static String onTerminal(String line, Map<String, String> environment)
      throws IOException, InterruptedException {
    return run(List.of("script", "-qec", line, "/dev/null"), environment);
  }

  private static String run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    File said = Files.createTempFile(directory, "said", "").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(Map.of("TERM", "xterm", "LC_ALL", "C.UTF-8", "COLUMNS", "90"));
    builder.environment().remove("NO_COLOR");
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(said).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(said.toPath());
  }

  @Test
  void usage_onATerminal_hasColoursUnlessTheyAreNotWanted() throws Exception {
    String line = shell("read", "usage");
    assertThat(onTerminal(line, Map.of())).contains(ESCAPE + "[36m\u2588").contains("3");
    assertThat(onTerminal(line, Map.of("NO_COLOR", "1")))
        .doesNotContain(ESCAPE)
        .contains("\u2588\u2588");
    assertThat(onTerminal(line, Map.of("TERM", "dumb"))).doesNotContain(ESCAPE);
    assertThat(onTerminal(line, Map.of("LC_ALL", "C"))).contains("###").doesNotContain("\u2588");
    assertThat(onTerminal(line + " | cat", Map.of())).doesNotContain(ESCAPE).contains("\u2588");
    assertThat(run(List.of("sh", "-c", line), Map.of())).doesNotContain(ESCAPE).contains("total");
  }

  @Test
  void send_onATerminal_showsItsProgressOnStderrAlone() throws Exception {
    String event =
        "{\"keyId\":\"" + server.key().keyId() + "\",\"module\":\"p\",\"model\":\"x\",\"usage\":1}";
    Path file = Files.write(directory.resolve("events.ndjson"), Collections.nCopies(3_000, event));
    String line = shell("intake", "send", "-") + " < " + file;
    assertThat(onTerminal(line, Map.of())).containsPattern("\r\u001b\\[K  [0-9,]+ events, ");
    Path out = directory.resolve("out");
    assertThat(onTerminal(line + " > " + out, Map.of())).contains(" events/s, ");
    assertThat(Files.readString(out))
        .isEqualToIgnoringNewLines("3000 stored, 0 duplicates, 0 rejected");
    assertThat(onTerminal(line + " 2> " + out, Map.of())).doesNotContain(ESCAPE);
    assertThat(Files.readString(out)).matches("billing: sent under --idempotency-key \\S+; .*\\R");
  }

  @Test
  void backup_onATerminal_showsItsProgressAndRestoreInAPipeNothing() throws Exception {
    String backup = directory.resolve("backup").toString();
    String data = server.data().toString();
    assertThat(onTerminal(shell(List.of("backup", backup, "--data-dir", data)), Map.of()))
        .containsPattern("\r\u001b\\[K  [0-9.]+ [kM]?B, [0-9.]+ [kM]?B/s, 0:")
        .contains("billing: backup in " + backup);
    String restored = directory.resolve("restored").toString();
    String restore = shell(List.of("restore", backup, "--data-dir", restored));
    assertThat(run(List.of("sh", "-c", restore), Map.of()))
        .startsWith("billing: restored in " + restored)
        .doesNotContain(ESCAPE, "B/s");
  }

  @Test
  void tail_stoppedByCtrlC_exits130() throws Exception {
    File said = directory.resolve("tail").toFile();
    Process tail =
        // Tests that run in the background ignore interrupts, and so would their children.
        new ProcessBuilder("sh", "-c", "exec env --default-signal=INT " + shell("read", "tail"))
            .redirectErrorStream(true)
            .redirectOutput(said)
            .start();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> Files.readString(said.toPath()).contains("watching"));
    Process interrupt = new ProcessBuilder("kill", "-INT", Long.toString(tail.pid())).start();
    assertThat(interrupt.waitFor()).isZero();
    assertThat(tail.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tail.exitValue()).isEqualTo(130);
    assertThat(said).content().doesNotContain("Exception", "\tat ");
  }

  @Test
  void help_onATerminal_hasColoursUnlessTheyAreNotWanted() throws Exception {
    String line = shell("read", "usage", "--help");
    assertThat(onTerminal(line, Map.of())).contains(ESCAPE + "[1m");
    assertThat(onTerminal(line, Map.of("NO_COLOR", "1"))).doesNotContain(ESCAPE);
    assertThat(onTerminal(line + " | cat", Map.of())).doesNotContain(ESCAPE);
  }
}
