package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Role;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that has configured no logging reads one line for each change of state, and no other. */
@Tag("broker")
@Timeout(180)
final class QuietLogsTest {
  private static final Pattern SDK_AND_LOGBACK =
      Pattern.compile(
          ".*[/\\\\]((billing-(sdk-core|protocol)|quality[/\\\\]testbed)[/\\\\]target[/\\\\]classes"
              + "|(hivemq-mqtt-client|netty-[a-z0-9-]+|rxjava|reactive-streams|jctools-core|dagger"
              + "|javax.inject|jackson-[a-z]+|slf4j-api|jspecify|logback-[a-z]+|billing-protocol|billing-testbed)-?[0-9][^/\\\\]*[.]jar)");

  @TempDir Path directory;

  /** Its root logger is at DEBUG then. */
  @Test
  void log_ofAClientInAHostWithUnconfiguredLogback_isOneLineForEachChange() throws Exception {
    List<String> said = run(SDK_AND_LOGBACK);

    List<String> lines = said.stream().filter(each -> !each.startsWith("## ")).toList();
    assertThat(lines).isNotEmpty().allMatch(each -> each.contains(" io.billingsdk."));
    assertThat(lines).noneMatch(each -> each.contains(" DEBUG ") || each.contains(" ERROR "));
    List<String> texts =
        lines.stream().map(each -> each.replaceFirst(".* io[.]billingsdk[.]", "")).toList();
    // The connection came twice.
    Set<String> once = new HashSet<>(texts);
    assertThat(texts.size() - once.size()).as(String.join("\n", lines)).isLessThanOrEqualTo(1);
    assertThat(texts.stream().filter(each -> each.contains("is rejected"))).hasSize(1);
    // A connection that is reset is so in the handshake or before it: a line for either.
    assertThat(texts.stream().filter(each -> each.contains("not connected")))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  /** Netty then turns to java.util.logging. What SLF4J says of itself is not ours. */
  @Test
  void log_ofAClientInAHostWithoutALogger_isEmpty() throws Exception {
    List<String> said =
        run(Pattern.compile(SDK_AND_LOGBACK.pattern().replace("|logback-[a-z]+", "")));

    assertThat(said)
        .filteredOn(each -> !each.startsWith("## ") && !each.startsWith("SLF4J"))
        .isEmpty();
  }

  private List<String> run(Pattern classPath) throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory.resolve("broker"))) {
      broker.start();
      try (ScriptedCollector collector = ScriptedCollector.on(broker);
          FaultProxy proxy = FaultProxy.to(broker.port())) {
        Process child = start(broker, proxy.port(), classPath);
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
          List<String> said = new ArrayList<>();
          readTo("## up", lines, said);
          proxy.cut();
          go(child);
          readTo("## down", lines, said);
          go(child);
          int attempts = proxy.connections();
          Awaitility.await()
              .atMost(Clients.PATIENCE)
              .until(() -> proxy.connections() >= attempts + 3);
          proxy.pass();
          readTo("## flushed", lines, said);
          go(child);
          readTo("## closed", lines, said);
          go(child);
          lines.lines().forEach(said::add);
          assertThat(collector.ledger()).hasSize(10);
          return said;
        } finally {
          child.destroyForcibly();
        }
      }
    }
  }

  private static void readTo(String mark, BufferedReader lines, List<String> said)
      throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.startsWith(mark)) {
        return;
      }
    }
    throw new AssertionError("the child ended: " + String.join("\n", said));
  }

  private static void go(Process child) throws IOException {
    OutputStream in = child.getOutputStream();
    in.write('\n');
    in.flush();
  }

  /** Its own classes are copied: beside them is a configuration of Logback. */
  private Process start(EmbeddedTestBroker broker, int port, Pattern classPath) throws IOException {
    String name = QuietChild.class.getName().replace('.', '/') + ".class";
    Path copied = directory.resolve("classes").resolve(name);
    Files.createDirectories(copied.getParent());
    try (InputStream from = QuietChild.class.getResourceAsStream("/" + name)) {
      Files.write(copied, Objects.requireNonNull(from, name).readAllBytes());
    }
    String entries =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String jars =
        Arrays.stream(entries.split(File.pathSeparator, -1))
            .filter(each -> classPath.matcher(each.replaceAll("[/\\\\]$", "")).matches())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 24) {
      // The JVM itself warns of what Netty does, and a host that uses Netty has set these.
      command.addAll(
          List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
    }
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-cp",
            directory.resolve("classes") + File.pathSeparator + jars,
            QuietChild.class.getName(),
            broker.host(),
            Integer.toString(port),
            broker.caPem().toString(),
            Role.SDK.user(),
            Role.SDK.password(),
            directory.resolve("journal").toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
