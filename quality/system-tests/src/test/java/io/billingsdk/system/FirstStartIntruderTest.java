package io.billingsdk.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.FreePort;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;

/** Another user of the machine tries to get in from before the first start until it serves. */
@Timeout(600)
class FirstStartIntruderTest {
  private static final List<String> UMASKS =
      List.of("000", "022", "077").subList(0, Integer.getInteger("start.umasks", 1));

  private static final Pattern SAID = Pattern.compile("tries=(\\d+) answered=(\\d+) in=(\\d+)");
  private static final Set<PosixFilePermission> READABLE =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private static final String NOBODY = "65534";

  @TempDir Path directory = Path.of("");

  private long tries;
  private long answered;
  private long in;
  private final List<Path> open = new ArrayList<>();

  @Test
  void firstStart_anotherUserTries_neverGetsIn() throws IOException {
    if (!SmallDisk.isPossible()) {
      skip("only root can start a process of another user");
    }
    // The intruder may go as far as the data directory.
    Files.setPosixFilePermissions(directory, READABLE);
    for (String umask : UMASKS) {
      tryWith(umask);
    }
    Size.proof("first-start-intruder")
        .with("umasks", String.join(",", UMASKS))
        .with("tries", tries)
        .with("asked_for_a_password", answered)
        .with("in", in)
        .with("open_to_others", open.size())
        .print();
    assertThat(tries).isPositive();
    assertThat(answered).isPositive();
    assertThat(in).isZero();
    assertThat(open).isEmpty();
  }

  private void tryWith(String umask) throws IOException {
    Path data = directory.resolve("data-" + umask);
    int port = FreePort.find();
    ServeRun.How how =
        new ServeRun.How(
            umask,
            ServeRun.How.USUAL.environment(),
            List.of(),
            List.of("--postgresql-port=" + port));
    try (Child intruder = intruder(data, port, umask);
        ServeRun server = ServeRun.start(data, how)) {
      assertThat(server.serves()).as(umask).isTrue();
      Matcher said = SAID.matcher(intruder.ask("enough", "tries="));
      assertThat(said.matches()).isTrue();
      tries += Long.parseLong(said.group(1));
      answered += Long.parseLong(said.group(2));
      in += Long.parseLong(said.group(3));
      open.addAll(ServeRun.openToOthers(data));
      assertThat(Path.of("/tmp/.s.PGSQL." + port)).doesNotExist();
      assertThat(server.stopsInOrder()).isTrue();
      // The log of a start and a stop, the broker's files: as closed as before.
      open.addAll(ServeRun.openToOthers(data));
    }
  }

  private Child intruder(Path data, int port, String umask) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Duser.timezone=UTC"));
    command.addAll(List.of("-cp", readableClassPath(umask)));
    command.addAll(List.of(IntruderChild.class.getName(), "data=" + data, "port=" + port));
    Child child =
        Child.start(directory.resolve("intruder"), "intruder-" + umask, line -> {}, command);
    try {
      child.await("trying");
    } catch (AssertionError cannot) {
      skip("another user cannot run " + command.get(4));
    }
    return child;
  }

  /** The build's own is often where only its owner can read. */
  private String readableClassPath(String umask) throws IOException {
    Path copies = Files.createDirectory(directory.resolve("class-path-" + umask));
    for (Class<?> each : List.of(IntruderChild.class, Arguments.class, Pace.class)) {
      String name = each.getSimpleName() + ".class";
      String folder = each.getPackageName().replace('.', '/');
      Path classes = Files.createDirectories(copies.resolve(folder));
      try (InputStream in = each.getResourceAsStream(name)) {
        Files.copy(Objects.requireNonNull(in), classes.resolve(name));
      }
    }
    Path driver = copies.resolve("driver.jar");
    String jar = Driver.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    Files.copy(Path.of(jar), driver);
    try (Stream<Path> all = Files.walk(copies)) {
      for (Path each : all.toList()) {
        Files.setPosixFilePermissions(each, READABLE);
      }
    }
    return copies + File.pathSeparator + driver;
  }

  private static void skip(String why) {
    Proof.skipped("first-start-intruder", why);
    Assumptions.abort(why);
  }
}
