package io.billingsdk.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TemporaryRootTest {
  @TempDir Path base;

  /** A process that has one, with a key store in it, until it is killed. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws Exception {
      Path base = Path.of(args[0]);
      System.setProperty("java.io.tmpdir", base.toString());
      CertificateAuthority authority = CertificateAuthority.create("CA");
      BrokerSettings settings =
          new BrokerSettings(
              authority.issueServer("localhost"),
              null,
              /* anonymous= */ true,
              new UserDirectory(),
              null,
              new BrokerSettings.Limits(1, 100, 1, 1),
              List.of(),
              List.of(),
              refused -> {},
              null);
      Workspace held = Workspace.create(settings, 0);
      System.out.println("MADE");
      // Until it is killed.
      new CountDownLatch(1).await();
      held.close();
    }
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> all = Files.list(base)) {
      return all.toList();
    }
  }

  private Process child() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(),
                base.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = process.inputReader(StandardCharsets.UTF_8).readLine();
    assertThat(line).isEqualTo("MADE");
    return process;
  }

  @Test
  void in_besideARunningProcessAndAKilledOne_takesTheKilledOnesAwayAlone() throws Exception {
    Process killed = child();
    Path itsRoot = left().get(0);
    assertThat(itsRoot.resolve("conf/server.p12")).exists();
    Process running = child();
    try {
      assertThat(left()).hasSize(2);
      killed.destroyForcibly().waitFor();
      TemporaryRoot own = TemporaryRoot.in(base);
      assertThat(itsRoot).doesNotExist();
      assertThat(left()).hasSize(2).contains(own.path());
      TemporaryRoot another = TemporaryRoot.in(base);
      // To look at a lock of its own must not give it up.
      Process third = child();
      third.destroyForcibly().waitFor();
      assertThat(own.path()).exists();
      TemporaryRoot.in(base).close();
      own.close();
      another.close();
      assertThat(left()).hasSize(1);
    } finally {
      killed.destroyForcibly();
      running.destroyForcibly().waitFor();
    }
    TemporaryRoot.in(base).close();
    assertThat(left()).isEmpty();
  }

  @Test
  void in_besideWhatIsNoneOrIsBeingMade_leavesItAlone() throws Exception {
    Path other = Files.createDirectory(base.resolve("billing-broker-1234"));
    Path made = Files.createDirectory(base.resolve(TemporaryRoot.PREFIX + "1"));
    Path old = Files.createDirectory(base.resolve(TemporaryRoot.PREFIX + "2"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    Path target = Files.createDirectory(base.resolve("target"));
    Path link = Files.createSymbolicLink(base.resolve(TemporaryRoot.PREFIX + "3"), target);
    TemporaryRoot.in(base).close();
    assertThat(left()).containsExactlyInAnyOrder(other, made, target, link);
  }
}
