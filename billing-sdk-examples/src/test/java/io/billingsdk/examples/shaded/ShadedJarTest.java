package io.billingsdk.examples.shaded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.WireSpy;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar in which the MQTT library and Netty have names of their own. */
final class ShadedJarTest {
  @TempDir Path directory = Path.of("");

  @Test
  void shadedJar_withoutNettyOnTheClassPath_deliversOverTls() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory)) {
      broker.start();
      try (WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report")) {
        Process probe = start(broker);
        String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(probe.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(probe.exitValue()).as(said).isZero();
        system.await(seen -> seen.size() == 1, java.time.Duration.ofSeconds(60));
      }
    }
  }

  @Test
  void shadedJar_everyClass_isUnderOurName() throws IOException {
    try (JarFile jar = new JarFile(shadedJar().toFile())) {
      assertThat(
              jar.stream()
                  .map(java.util.jar.JarEntry::getName)
                  .filter(name -> name.endsWith(".class"))
                  .map(name -> name.replaceFirst("^META-INF/versions/\\d+/", ""))
                  .filter(name -> !name.startsWith("io/billingsdk/")))
          .isEmpty();
    }
  }

  private Process start(EmbeddedTestBroker broker) throws IOException {
    List<String> classPath = new ArrayList<>(List.of(shadedJar().toString()));
    for (String element :
        requireNonNull(System.getProperty("java.class.path")).split(File.pathSeparator, -1)) {
      if (element.matches(".*(jackson-|slf4j-api|jspecify|test-classes).*")) {
        classPath.add(element);
      }
    }
    return new ProcessBuilder(
            Path.of(requireNonNull(System.getProperty("java.home")), "bin", "java").toString(),
            "-cp",
            String.join(File.pathSeparator, classPath),
            ShadedProbe.class.getName(),
            String.valueOf(broker.port()),
            broker.caPem().toString(),
            Role.SDK.user(),
            Role.SDK.password())
        .redirectErrorStream(true)
        .start();
  }

  private static Path shadedJar() throws IOException {
    Path target = Path.of("../billing-sdk-core/target");
    try (Stream<Path> files = Files.list(target)) {
      Optional<Path> jar =
          files.filter(file -> file.getFileName().toString().endsWith("-shaded.jar")).findFirst();
      Assumptions.assumeTrue(jar.isPresent(), "core was not packaged in this build");
      return jar.orElseThrow();
    }
  }
}
