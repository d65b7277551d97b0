package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The unit, the Dockerfile and the compose file as texts. It does not show that images can be
 * pulled, built and started: no container engine is asked. {@link ComposeTest} runs the same parts
 * without one.
 */
class PackagingTest {
  /** A version, not a branch: {@code 17.6-bookworm}, {@code 2.0.22}. */
  private static final String PINNED = "[a-z/-]+:\\d+\\.\\d+(\\.\\d+)?([._-].+)?";

  @TempDir Path directory = Path.of("");

  @Test
  void unit_isAcceptedBySystemd() throws Exception {
    Path program = Path.of("/usr/bin/systemd-analyze");
    if (!Files.isExecutable(program)) {
      Proof.skipped("systemd-unit", program + " is not installed");
      Assumptions.abort("no systemd-analyze");
    }
    Path unit = directory.resolve("billing.service");
    // Its program is looked for too; any will do.
    Files.writeString(
        unit,
        Packaging.text("systemd/billing.service")
            .replace("/usr/bin/java", Path.of(System.getProperty("java.home"), "bin/java") + ""));
    Path said = directory.resolve("said");
    Process process =
        new ProcessBuilder(program.toString(), "verify", unit.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(said)).doesNotContain("billing.service:");
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    Proof.of("systemd-unit").with("verify", "ok").print();
  }

  @Test
  void unit_isHardened() throws IOException {
    assertThat(Packaging.text("systemd/billing.service").lines())
        .contains(
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "ProtectHome=yes",
            "PrivateTmp=yes",
            "CapabilityBoundingSet=",
            "StateDirectory=billing",
            "UMask=0077",
            "KillMode=mixed",
            "SuccessExitStatus=143")
        .doesNotContain("User=root");
  }

  @Test
  void dockerfile_isPinnedUnprivilegedAndChecked() throws IOException {
    List<String> lines = Packaging.text("docker/Dockerfile").lines().toList();
    String base = only(lines, "FROM ");
    assertThat(base).matches(PINNED);
    assertThat(only(lines, "USER ")).matches("[1-9]\\d*:[1-9]\\d*");
    assertThat(only(lines, "HEALTHCHECK ")).contains("--interval", "--timeout");
    assertThat(only(lines, "ENTRYPOINT ")).startsWith("[\"java\"");
    assertThat(String.join("\n", lines)).doesNotContainIgnoringCase("password", ":latest");
  }

  @Test
  void compose_isPinnedCheckedAndWithoutASecret() throws IOException {
    JsonNode compose = new YAMLMapper().readTree(Packaging.text("compose/compose.yaml"));
    Set<String> volumes = names(compose.path("volumes"));
    Set<String> secrets = names(compose.path("secrets"));
    for (Map.Entry<String, JsonNode> each : compose.path("services").properties()) {
      JsonNode service = each.getValue();
      if (service.has("build")) {
        assertThat(Packaging.path("compose/../docker/Dockerfile")).exists();
      } else {
        assertThat(service.path("image").textValue()).matches(PINNED);
      }
      assertThat(service.path("healthcheck").path("test")).as(each.getKey()).isNotEmpty();
      service.path("secrets").forEach(secret -> assertThat(secrets).contains(secret.textValue()));
      service.path("volumes").forEach(volume -> mounted(volume.textValue(), volumes));
      service
          .path("environment")
          .properties()
          .forEach(
              variable -> {
                if (variable.getKey().contains("PASSWORD")) {
                  assertThat(variable.getKey()).endsWith("_FILE");
                }
              });
    }
    assertThat(compose.path("services").path("broker").path("ports").get(0).textValue())
        .isEqualTo("8883:8883");
    assertThat(compose.path("services").path("database").has("ports")).isFalse();
    Proof.of("compose-file")
        .with("services", compose.path("services").size())
        .with("engine", "none")
        .print();
  }

  private static void mounted(String volume, Set<String> volumes) {
    String source = volume.split(":", -1)[0];
    if (!source.startsWith(".")) {
      assertThat(volumes).contains(source);
    } else if (!source.contains("secrets")) {
      assertThat(Packaging.path("compose").resolve(source).normalize()).exists();
    }
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String only(List<String> lines, String beginning) {
    List<String> found = lines.stream().filter(line -> line.startsWith(beginning)).toList();
    assertThat(found).as(beginning).hasSize(1);
    return found.get(0).substring(beginning.length());
  }
}
