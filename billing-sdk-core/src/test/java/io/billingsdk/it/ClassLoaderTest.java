package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The SDK started, used over TLS and closed, each time in a class loader of its own, as a container
 * does that deploys a service again: nothing of it stays in the process.
 */
@Tag("broker")
@Timeout(600)
final class ClassLoaderTest {
  private static final int ROUNDS = Integer.getInteger("loader.rounds", 8);
  private static final int RELEASE_ROUNDS = 50;
  private static final int EVENTS = 20;

  /** What a service has on its class path with the SDK. */
  private static final Pattern OF_THE_SDK =
      Pattern.compile(
          ".*[/\\\\](billing-(sdk-core|protocol)[/\\\\]target[/\\\\](test-)?classes"
              + "|(hivemq-mqtt-client|netty-[a-z0-9-]+|rxjava|reactive-streams|jctools-core|dagger"
              + "|javax.inject|jackson-[a-z]+|slf4j-api|jspecify|billing-protocol)-?[0-9][^/\\\\]*[.]jar)");

  /** What the child itself needs: its own class, and the pauses of the test bed. */
  private static final String OF_THE_CHILD =
      ".*[/\\\\](billing-sdk-core[/\\\\]target[/\\\\]test-classes"
          + "|quality[/\\\\]testbed[/\\\\]target[/\\\\]classes|billing-testbed-[0-9][^/\\\\]*[.]jar)";

  @TempDir Path directory;

  @Test
  void close_ofAClientInALoaderOfItsOwn_leavesNoLoaderAndNoThread() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory.resolve("broker"))) {
      broker.start();
      try (ScriptedCollector collector = ScriptedCollector.on(broker)) {
        List<String> said = run(broker);
        String[] left =
            said.stream()
                .filter(each -> each.startsWith("LEFT "))
                .findFirst()
                .orElseThrow(() -> new AssertionError(said.toString()))
                .split(" ", 5);

        Proof.sized("class-loader", ROUNDS, RELEASE_ROUNDS)
            .with("rounds", ROUNDS)
            .with("without_a_broker", ROUNDS / 3)
            .with("delivered", left[1])
            .with("in_the_ledger", collector.ledger().size())
            .with("loaders_left", left[2])
            .with("threads_left", left[3])
            .print();
        assertThat(said).as("of threads that were there when close returned").hasSize(1);
        assertThat(Long.parseLong(left[1])).isEqualTo((ROUNDS - ROUNDS / 3L) * EVENTS);
        assertThat(left[2]).as("loaders").isEqualTo("0");
        assertThat(left[3]).as(left[4]).isEqualTo("0");
      }
    }
  }

  private List<String> run(EmbeddedTestBroker broker) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // What the JDK itself holds softly goes when memory is wanted: here with each collection.
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:SoftRefLRUPolicyMSPerMB=0"));
    if (System.getProperty("heap.dump") != null) {
      command.add("-Dheap.dump=" + System.getProperty("heap.dump"));
    }
    command.addAll(List.of("-cp", classPath(OF_THE_CHILD)));
    command.add(LoaderChild.class.getName());
    command.add(Integer.toString(ROUNDS));
    command.add(classPath(OF_THE_SDK.pattern()));
    command.addAll(
        List.of(
            broker.host(),
            Integer.toString(broker.port()),
            broker.caPem().toString(),
            Role.SDK.user(),
            Role.SDK.password(),
            directory.toString()));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      List<String> said = child.inputReader(StandardCharsets.UTF_8).lines().toList();
      assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return said;
    } finally {
      child.destroyForcibly();
    }
  }

  private static String classPath(String pattern) {
    Pattern wanted = Pattern.compile(pattern.startsWith(".*") ? pattern : ".*" + pattern);
    String entries =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String found =
        Arrays.stream(entries.split(File.pathSeparator, -1))
            .filter(each -> wanted.matcher(each.replaceAll("[/\\\\]$", "")).matches())
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(found).as(entries).isNotEmpty();
    return found;
  }
}
