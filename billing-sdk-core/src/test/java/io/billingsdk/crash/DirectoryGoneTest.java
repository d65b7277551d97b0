package io.billingsdk.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.journal.SmallJournal;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The journal's directory goes away while a service uses it, and the service is killed afterwards:
 * what it has called durable is found by the next process, and it has said what has happened.
 */
@Tag("crash")
final class DirectoryGoneTest {
  private static final String PROOF = "journal-directory-gone";
  private static final int EACH = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory;

  private final Set<String> before = new HashSet<>();
  private final Set<String> after = new HashSet<>();
  private final Set<String> plain = new HashSet<>();
  private boolean gone;
  private boolean inStatus;
  private boolean inLog;
  private long refused;

  /** What is done to the directory. */
  @FunctionalInterface
  private interface Harm {
    void to(Path journal) throws Exception;
  }

  @Test
  void removed_durableEventsOfAfterwardsSurviveAKill() throws Exception {
    run("removed", /* recreate= */ true, List.of(), DirectoryGoneTest::remove, journal -> {});
    assertNothingLost();
    assertThat(after).hasSizeGreaterThanOrEqualTo(EACH);
  }

  @Test
  void moved_durableEventsOfAfterwardsSurviveAKill() throws Exception {
    Path aside = directory.resolve("aside");
    run("moved", /* recreate= */ true, List.of(), j -> Files.move(j, aside), journal -> {});
    assertNothingLost();
    assertThat(after).hasSizeGreaterThanOrEqualTo(EACH);
  }

  @Test
  void replaced_durableEventsOfAfterwardsSurviveAKill() throws Exception {
    run(
        "other-inode",
        /* recreate= */ true,
        List.of(),
        journal -> {
          Files.move(journal, directory.resolve("aside"));
          Files.createDirectories(journal.resolve("slot-00"));
          Files.createFile(journal.resolve("slot-00").resolve("LOCK"));
        },
        journal -> {});
    assertNothingLost();
    assertThat(after).hasSizeGreaterThanOrEqualTo(EACH);
  }

  @Test
  void movedAndBack_withoutRecreating_promisesNothingMeanwhile() throws Exception {
    Path aside = directory.resolve("aside");
    run(
        "moved-not-recreated",
        /* recreate= */ false,
        List.of(),
        journal -> Files.move(journal, aside),
        journal -> {
          assertThat(journal).doesNotExist();
          Files.move(aside, journal);
        });
    assertNothingLost();
    assertThat(refused).isPositive();
    // Those that were on their way wait until it is back, and were killed with the process; but for
    // lines of before that were read late.
    assertThat(after).hasSizeLessThan(EACH / 2);
  }

  @Test
  void readOnly_durableEventsOfAfterwardsSurviveAKill() throws Exception {
    List<String> under = withoutRights();
    run(
        "read-only",
        /* recreate= */ true,
        under,
        journal -> permit(journal, "r-xr-x---"),
        journal -> permit(journal, "rwx------"));
    assertNothingLost();
    assertThat(after).hasSizeGreaterThanOrEqualTo(EACH);
  }

  /** Root may write where nobody may, unless that right is taken away. */
  private static List<String> withoutRights() throws Exception {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    List<String> without =
        List.of("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override");
    String[] probe = Stream.concat(without.stream(), Stream.of("true")).toArray(String[]::new);
    Kernel.require(PROOF, probe);
    return without;
  }

  private static void permit(Path journal, String permissions) throws IOException {
    for (Path each : List.of(journal.resolve("slot-00"), journal)) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(permissions));
    }
  }

  private void run(String way, boolean recreate, List<String> under, Harm harm, Harm mend)
      throws Exception {
    Path journal = directory.resolve("journal");
    long toldMillis;
    try (ChildJvm child =
        ChildJvm.start(
            under, DirectoryGoneChild.class, journal.toString(), Boolean.toString(recreate))) {
      assertThat(child.readUntil("ACC", EACH, this::line)).isTrue();
      harm.to(journal);
      long harmed = System.nanoTime();
      // What it had said by then was said before, or while it was done.
      child.readReady(this::line);
      gone = true;
      readUntilTold(child);
      toldMillis = (System.nanoTime() - harmed) / 1_000_000;
      if (recreate) {
        assertThat(child.readUntil("ACC", EACH, this::line)).isTrue();
        child.say("be quiet");
        assertThat(child.readUntil("QUIET", 1, this::line)).isTrue();
      } else {
        assertThat(child.readUntil("REFUSED", EACH, this::line)).isTrue();
      }
      child.kill();
      child.readToEnd(this::line);
      child.exitCode();
    }
    mend.to(journal);
    Set<String> found = found(journal);
    Proof.sized(PROOF)
        .with("way", way)
        .with("recreate", recreate)
        .with("durable_before", before.size())
        .with("durable_before_lost", lost(before, found))
        .with("durable_after", after.size())
        .with("durable_after_lost", lost(after, found))
        .with("plain", plain.size())
        .with("plain_lost", recreate ? lost(plain, found) : "not-asked")
        .with("refused", refused)
        .with("told_ms", toldMillis)
        .with("in_status", inStatus)
        .with("in_log", inLog)
        .print();
    before.removeAll(found);
    lostAfter = lost(after, found);
    lostPlain = recreate ? lost(plain, found) : 0;
    assertThat(inStatus).isTrue();
    assertThat(inLog).isTrue();
  }

  private long lostAfter;
  private long lostPlain;

  private void assertNothingLost() {
    assertThat(before).isEmpty();
    assertThat(lostAfter).isZero();
    assertThat(lostPlain).isZero();
  }

  private static long lost(Set<String> accepted, Set<String> found) {
    return accepted.stream().filter(each -> !found.contains(each)).count();
  }

  private void readUntilTold(ChildJvm child) {
    while (!inStatus || !inLog) {
      line(Objects.requireNonNull(child.line(), "it has ended and not said what has happened"));
    }
  }

  private void line(String line) {
    if (line.startsWith("ACC ")) {
      (gone ? after : before).add(line.substring("ACC ".length()));
    } else if (line.startsWith("PLAIN ")) {
      plain.add(line.substring("PLAIN ".length()));
    } else if (line.startsWith("REFUSED ")) {
      refused = Long.parseLong(line.substring("REFUSED ".length()));
    } else if (line.contains("the directory of the journal")) {
      inStatus |= line.startsWith("TROUBLE ") || line.startsWith("PROBLEM ");
      inLog |= line.contains("ERROR");
    }
  }

  /** What the next process finds at the path that is configured. */
  private static Set<String> found(Path root) throws IOException {
    Set<String> found = new HashSet<>();
    DurableJournal journal = SmallJournal.usual().in(root);
    journal.start();
    Await.until(
        PATIENCE,
        () -> {
          for (JournalRecord event = journal.next(); event != null; event = journal.next()) {
            found.add(event.stream() + "/" + event.seq());
            journal.acknowledge(event);
          }
          return journal.settledUpTo(journal.mark());
        });
    assertThat(journal.release(PATIENCE)).isZero();
    return found;
  }

  private static void remove(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      all.sorted(Comparator.reverseOrder()).forEach(DirectoryGoneTest::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
