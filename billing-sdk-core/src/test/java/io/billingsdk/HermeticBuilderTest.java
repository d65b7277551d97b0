package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A builder takes from its process what it was asked to take, in a process full of settings. */
@Timeout(60)
final class HermeticBuilderTest {
  @TempDir private Path directory;

  @Test
  void builder_inAProcessFullOfSettings_readsNothingUnlessAsked() throws Exception {
    Files.writeString(
        directory.resolve("billing.properties"), "billing.keepAlive=7s\nbilling.port=1\n");
    List<String> lines = child();
    String hermetic = BillingConfig.builder().host("given").build().toString();
    assertThat(lines.get(0)).as("builder()").isEqualTo(hermetic);
    assertThat(lines.get(1)).as("toBuilder()").isEqualTo(hermetic);
    assertThat(lines.get(2)).isEqualTo("billing configuration: host is required");
    assertThat(lines.get(3))
        .as("fromEnvironment()")
        .contains("host=given", "port=3", "topicPrefix=of-environment", "keepAlive=PT7S");
    assertThat(lines.get(4))
        .as("load()")
        .contains("host=of-environment", "port=3", "clientId=of-property", "keepAlive=PT7S");
    Proof.of("hermetic-builder").with("settings-in-process", 7).with("read", 0).print();
  }

  private List<String> child() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dbilling.port=3",
                "-Dbilling.clientId=of-property",
                "-cp",
                absolute(System.getProperty("java.class.path")),
                HermeticChild.class.getName())
            .directory(directory.toFile())
            .redirectErrorStream(true);
    builder.environment().put("BILLING_HOST", "of-environment");
    builder.environment().put("BILLING_TOPIC_PREFIX", "of-environment");
    builder.environment().put("BILLING_PORT", "2");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said.lines().toList();
  }

  /** The child has another working directory. */
  private static String absolute(String classPath) {
    return String.join(
        System.getProperty("path.separator"),
        List.of(classPath.split(System.getProperty("path.separator"))).stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
