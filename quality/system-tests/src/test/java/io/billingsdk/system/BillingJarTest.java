package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The one jar, as an operator runs it: nothing else is on the class path. */
@Timeout(300)
class BillingJarTest {
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+),");

  @TempDir Path directory = Path.of("");

  private static Path jar() {
    Path jar =
        Path.of("..", "..", "billing-cli", "target", "billing.jar").toAbsolutePath().normalize();
    if (!Files.exists(jar)) {
      Proof.skipped("billing-jar", "it was not packaged in this build");
      Assumptions.abort("it was not packaged in this build");
    }
    return jar;
  }

  private Child start(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", jar().toString()));
    command.addAll(List.of(arguments));
    return Child.start(directory.resolve("logs"), name, line -> {}, command);
  }

  @Test
  void jar_servesIsFoundHealthyAndStops() throws IOException {
    String data = directory.resolve("data").toString();
    long begun = System.nanoTime();
    try (Child server =
        start("serve", "serve", "--data-dir", data, "--mqtt-port", "0", "--http-port", "0")) {
      Matcher port = PORT.matcher(server.await("billing: serving"));
      long millis = (System.nanoTime() - begun) / 1_000_000;
      assertThat(port.find()).isTrue();

      Child doctor =
          start(
              "doctor",
              "doctor",
              "--data-dir",
              data,
              "--port",
              port.group(1),
              "--journal",
              directory.resolve("journal").toString());
      assertThat(doctor.awaitEnd()).isZero();
      assertThat(Files.readString(directory.resolve("logs/doctor.out"))).contains(" 0 failed");

      server.stop();
      assertThat(server.awaitEnd()).isEqualTo(143);
      Proof.of("billing-jar")
          .with("bytes", Files.size(jar()))
          .with("first_start_ms", millis)
          .with("doctor", "ok")
          .with("exit_code", 143)
          .print();
    }
  }

  /** The broker is in memory: the code of the store on disk that it could use is 29 MB. */
  @Test
  void jar_hasNoNativeCodeOfAStoreThatTheBrokerDoesNotUse() throws IOException {
    try (JarFile all = new JarFile(jar().toFile())) {
      assertThat(all.stream().map(JarEntry::getName))
          .noneMatch(name -> name.startsWith("librocksdbjni"));
    }
  }

  /** Their user may replace them: the LGPL asks for that. */
  @Test
  void jar_hasNoLibraryUnderTheLgpl_andFindsItInLib() throws IOException {
    try (JarFile all = new JarFile(jar().toFile())) {
      assertThat(all.stream().map(JarEntry::getName))
          .noneMatch(name -> name.startsWith("com/openhtmltopdf/"));
      String path = all.getManifest().getMainAttributes().getValue("Class-Path");
      for (String each : path.split(" ", -1)) {
        assertThat(jar().resolveSibling(each)).isNotEmptyFile();
      }
      assertThat(path).contains("lib/openhtmltopdf-core.jar", "lib/openhtmltopdf-pdfbox.jar");
    }
  }

  @Test
  void jar_help_namesItsCommands() throws IOException {
    Child help = start("help", "--help");
    assertThat(help.awaitEnd()).isZero();
    assertThat(Files.readString(directory.resolve("logs/help.out")))
        .contains("serve", "doctor", "backup", "restore", "journal")
        .doesNotContain("demo");
  }
}
