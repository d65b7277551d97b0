package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code serve} in environments that should decide nothing, and on ports that somebody else has.
 */
@Timeout(900)
class EnvironmentTest {
  private static final int SETUPS = Integer.getInteger("start.setups", 2);
  private static final Pattern TOKEN = Pattern.compile("shown this once: (\\S+)");

  /** The figure is in the proof line (5 s is the goal); a busy machine fails at a hang alone. */
  private static final long HANGS_MILLIS = 60_000;

  private static final List<String> USUAL = ServeRun.How.USUAL.environment();

  @TempDir Path directory = Path.of("");

  /**
   * A set-up.
   *
   * @param serves whether it is to serve; else it is to be refused
   */
  private record SetUp(
      String name,
      boolean serves,
      List<String> environment,
      List<String> jvm,
      List<String> options) {}

  private static SetUp environment(String name, String... variables) {
    List<String> all = new ArrayList<>(USUAL);
    all.addAll(List.of(variables));
    return new SetUp(name, true, all, List.of(), List.of());
  }

  private static SetUp jvm(String name, String... options) {
    return new SetUp(name, true, USUAL, List.of(options), List.of());
  }

  private static SetUp taken(String option, int port) {
    return new SetUp(option + " in use", false, USUAL, List.of(), List.of(option + "=" + port));
  }

  private static List<SetUp> setUps(int takenPort) {
    return List.of(
        jvm("IPv6 first", "-Djava.net.preferIPv6Addresses=true"),
        taken("--postgresql-port", takenPort),
        jvm("a zone that Java alone knows", "-Duser.timezone=ART"),
        environment("a locale that is not there", "LC_ALL=xx_YY.UTF-8", "LANG=xx_YY.UTF-8"),
        environment("forwarded LC_*", "LC_CTYPE=de_CH.ISO-8859-1", "LC_MESSAGES=tr_TR.UTF-8"),
        environment("a zone that is not there", "TZ=:/nowhere/zone"),
        jvm("no temporary directory", "-Djava.io.tmpdir=/nonexistent"),
        environment("TMPDIR is not there", "TMPDIR=/nonexistent", "TMP=/nonexistent"),
        new SetUp("no variables at all", true, List.of(), List.of(), List.of()),
        new SetUp(
            "read-only HOME",
            true,
            List.of("HOME=/proc", "PATH=/nonexistent"),
            List.of(),
            List.of()),
        environment(
            "PG variables of another database",
            "PGHOST=/nonexistent",
            "PGPORT=1",
            "PGDATA=/nonexistent",
            "PGUSER=nobody",
            "PGTZ=Mars/Olympus",
            "PGOPTIONS=-c fsync=off",
            "PGSERVICE=other",
            "LD_LIBRARY_PATH=/nonexistent"),
        taken("--http-port", takenPort));
  }

  @Test
  void serve_inAnyEnvironment_servesOrIsRefusedInOneLine() throws IOException {
    List<String> wrong = new ArrayList<>();
    int served = 0;
    int refused = 0;
    long slowest = 0;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<SetUp> all = setUps(taken.getLocalPort()).subList(0, SETUPS);
      for (SetUp each : all) {
        Path data = directory.resolve("data-" + wrong.size() + "-" + served + "-" + refused);
        long begun = System.nanoTime();
        try (ServeRun run = ServeRun.start(data, how(each))) {
          boolean serves = run.serves();
          boolean right = serves ? run.stopsInOrder() : run.isRefusedInOneLine();
          if (!serves) {
            slowest = Math.max(slowest, (System.nanoTime() - begun) / 1_000_000);
          }
          if (serves != each.serves() || !right) {
            wrong.add(each.name() + ": " + run.errors());
          } else if (serves) {
            served++;
          } else {
            refused++;
          }
        }
      }
      Size.proof("environment")
          .with("setups", all.size())
          .with("served", served)
          .with("refused_in_one_line", refused)
          .with("slowest_refusal_ms", slowest)
          .with("wrong", wrong.size())
          .print();
    }
    assertThat(wrong).isEmpty();
    assertThat(slowest).isLessThan(HANGS_MILLIS);
  }

  private static ServeRun.How how(SetUp of) {
    return new ServeRun.How("022", of.environment(), of.jvm(), of.options());
  }

  @Test
  void serve_killed_leavesNothingInTheTemporaryDirectory_andShowsItsTokenOnce() throws IOException {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path data = directory.resolve("data");
    ServeRun.How how =
        new ServeRun.How(
            "000",
            List.of("PATH=/usr/bin:/bin", "TMPDIR=" + temporary),
            List.of("-Djava.io.tmpdir=" + temporary),
            List.of());
    Path port = data.resolve("postgresql/port");
    try (ServeRun first = ServeRun.start(data, how)) {
      assertThat(first.serves()).isTrue();
      first.process().await(line -> line.contains("shown this once"), "a token", Child.PATIENCE);
      // It is kept until it has been shown; killed before, the next start would show it again.
      await().until(() -> !Files.exists(data.resolve("secrets/.first-token")));
      first.process().kill9();
      assertThat(Path.of("/tmp/.s.PGSQL." + Files.readString(port))).doesNotExist();
      assertThat(entries(temporary)).isEmpty();
      // It has left its PostgreSQL running.
      assertThat(ServeRun.postgres(data)).isPositive();
      try (ServeRun second = ServeRun.start(data, how)) {
        assertThat(second.serves()).isTrue();
        assertThat(second.stopsInOrder()).isTrue();
        Matcher token = TOKEN.matcher(second.output());
        assertThat(token.find()).isFalse();
      }
    }
    assertThat(entries(temporary)).isEmpty();
  }

  private static List<Path> entries(Path of) throws IOException {
    try (Stream<Path> all = Files.list(of)) {
      return all.toList();
    }
  }
}
