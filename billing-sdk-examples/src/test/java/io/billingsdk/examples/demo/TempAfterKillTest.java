package io.billingsdk.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.testbed.Proof;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes with a directory for temporary files of their own: when they were killed, nothing is
 * left in it. What they need lies below their data directory, where the next start finds it.
 */
@Tag("postgres")
@Timeout(240)
class TempAfterKillTest {
  @TempDir Path directory = Path.of("");

  @Test
  void serverCommandsAndDemo_killed_leaveNothingAmongTheTemporaryFiles() throws Exception {
    Path temp = Files.createDirectory(directory.resolve("tmp"));
    Path data = directory.resolve("data");
    // All at once: they are slow to start and have nothing to do with each other.
    Process demo = start(temp, "demo", "--calls", "60", "--seed", "5");
    Process server =
        start(temp, "serve", "--data-dir", data.toString(), "--mqtt-port=0", "--http-port=0");
    await(server, "HTTP on");
    List<Process> killed = new ArrayList<>(List.of(server, demo));
    killed.add(start(temp, "doctor", "--data-dir", data.toString()));
    killed.add(start(temp, "streams", "--data-dir", data.toString()));
    await(demo, "on localhost:");
    List<ProcessHandle> servers = demo.descendants().toList();
    for (Process each : killed) {
      each.destroyForcibly().waitFor();
    }
    EmbeddedDatabase.endLeftBehind(BillingServer.databaseDirectory(data));
    // The demo's hears that it has gone, and ends by itself.
    for (ProcessHandle each : servers) {
      each.onExit().get(60, TimeUnit.SECONDS);
    }

    List<String> left = namesIn(temp);
    assertThat(left).isEmpty();
    assertThat(namesIn(directory.resolve("base"))).hasSize(1);
    Proof.of("tmp-after-kill").with("killed", killed.size()).with("files", left.size()).print();
  }

  /** As ./billing, which takes the counters of the JVM out of /tmp too. */
  private Process start(Path temp, String... arguments) throws IOException {
    String classPath =
        Arrays.stream(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"))
                    .split(File.pathSeparator, -1))
            .filter(entry -> !entry.endsWith("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Dbilling.demo.base=" + directory.resolve("base"),
                "-cp",
                classPath,
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TMPDIR", temp.toString());
    // The demo starts a JVM of its own, which is to have it too.
    builder.environment().put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temp);
    return builder.redirectError(directory.resolve("err").toFile()).start();
  }

  private static void await(Process process, String text) throws IOException {
    // Not closed: the process would be ended by what it prints next.
    BufferedReader out = new BufferedReader(process.inputReader(UTF_8));
    String line = out.readLine();
    while (line != null && !line.contains(text)) {
      line = out.readLine();
    }
    assertThat(line).as("until '%s'", text).isNotNull();
  }

  private static List<String> namesIn(Path temp) throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.map(each -> each.getFileName().toString()).toList();
    }
  }

  @Test
  void script_unitAndImage_keepTheCountersOfTheJvmOutOfTmp() throws IOException {
    for (String each :
        List.of("billing", "packaging/systemd/billing.service", "packaging/docker/Dockerfile")) {
      assertThat(Files.readString(Path.of("..", each))).contains("-XX:-UsePerfData");
    }
  }
}
