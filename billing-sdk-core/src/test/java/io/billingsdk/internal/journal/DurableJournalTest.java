package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on real files, with its thread. */
@Tag("crash")
final class DurableJournalTest extends JournalContract {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir private Path home;
  private final List<EventJournal> opened = new ArrayList<>();
  private final ManualClock clock = new ManualClock();

  @Override
  EventJournal open(long boundBytes) {
    return open(home.resolve("journal-" + opened.size()), boundBytes);
  }

  private EventJournal open(Path root, long boundBytes) {
    JournalOptions options =
        new JournalOptions(boundBytes, 64 << 10, 1 << 20, 1 << 20, Duration.ofMillis(200), 0);
    DurableJournal journal = DurableJournal.with(JournalFiles.real(), root, options, clock);
    try {
      journal.start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    EventJournal patient = new PatientJournal(journal);
    opened.add(patient);
    return patient;
  }

  private EventJournal openAt(String name) {
    return open(home.resolve(name), 1 << 20);
  }

  @AfterEach
  void releaseAll() {
    opened.forEach(journal -> journal.release(LIMIT));
  }

  @Override
  long cost(int bodyBytes) {
    return SegmentFormat.recordBytes(bodyBytes);
  }

  @Override
  long randomBound(Random random) {
    return 1 << 20;
  }

  @Override
  int randomRuns() {
    return 30;
  }

  /** What it holds on disk depends on when its thread comes to it. */
  @Override
  JournalFigures comparable(JournalFigures f) {
    return JournalFigures.inMemory(
        f.appended(), f.acknowledged(), f.pending(), f.deadLettered(), f.dropped(), /* bytes= */ 0);
  }

  private static CompletableFuture<Void> append(EventJournal journal, String text) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    assertThat(journal.append(text.getBytes(StandardCharsets.UTF_8), durable))
        .isInstanceOf(EventJournal.Appended.class);
    return durable;
  }

  private static void add(EventJournal journal, String text) {
    assertThat(journal.append(text.getBytes(StandardCharsets.UTF_8), new CompletableFuture<>()))
        .isInstanceOf(EventJournal.Appended.class);
  }

  private static List<String> identities(EventJournal journal) {
    List<String> found = new ArrayList<>();
    for (JournalRecord r = journal.next(); r != null; r = journal.next()) {
      found.add(r.stream() + " " + r.seq() + " " + new String(r.body(), StandardCharsets.UTF_8));
    }
    return found;
  }

  @Test
  void append_withFuture_isOnDiskWhenItCompletes() throws Exception {
    EventJournal journal = openAt("a");
    append(journal, "precious").get(60, TimeUnit.SECONDS);
    try (Stream<Path> files = Files.walk(home.resolve("a"))) {
      Path wal = files.filter(file -> file.toString().endsWith(".wal")).findAny().orElseThrow();
      assertThat(Files.readString(wal, StandardCharsets.ISO_8859_1)).contains("precious");
    }
  }

  @Test
  void release_withRecordsLeft_nextStartHandsThemOutWithTheirIdentities() {
    EventJournal first = openAt("a");
    for (int i = 1; i <= 5; i++) {
      add(first, "body " + i);
    }
    first.acknowledge(next(first));
    first.deadLetter(next(first), "refused");
    JournalRecord third = next(first);
    first.rewind();
    assertThat(first.release(LIMIT)).isZero();
    assertThat(first.append(new byte[1])).isEqualTo(new EventJournal.Closed());
    EventJournal second = openAt("a");
    assertThat(second.stream()).isNotEqualTo(first.stream());
    assertThat(second.figures().pending()).isEqualTo(3);
    List<String> found = identities(second);
    assertThat(found).hasSize(3);
    assertThat(found.get(0)).isEqualTo(third.stream() + " 3 body 3");
    assertThat(found.get(2)).isEqualTo(third.stream() + " 5 body 5");
  }

  @Test
  void release_allSettled_leavesNoSegment() throws IOException {
    EventJournal journal = openAt("a");
    add(journal, "x");
    journal.acknowledge(next(journal));
    assertThat(journal.release(LIMIT)).isZero();
    try (Stream<Path> files = Files.walk(home.resolve("a"))) {
      assertThat(files.map(Path::toString)).noneMatch(file -> file.contains("/seg-"));
    }
  }

  @Test
  void start_twoOnOneDirectory_takeTwoSlotsAndTheOtherAdoptsWhatIsLeft() {
    EventJournal first = openAt("a");
    EventJournal second = openAt("a");
    add(first, "of the first");
    add(second, "of the second");
    assertThat(identities(first)).hasSize(1);
    assertThat(identities(second)).hasSize(1);
    assertThat(home.resolve("a/slot-00")).isDirectory();
    assertThat(home.resolve("a/slot-01")).isDirectory();
    assertThat(first.release(LIMIT)).isZero();
    clock.advance(Duration.ofSeconds(31));
    add(second, "wakes it");
    List<String> found = new ArrayList<>();
    long begin = System.nanoTime();
    while (found.size() < 2 && System.nanoTime() - begin < LIMIT.toNanos()) {
      found.addAll(identities(second));
    }
    assertThat(found).contains(first.stream() + " 1 of the first");
  }

  /** Closing any channel of the lock file would give the lock away. */
  @Test
  void lock_heldWhileOthersOfThisProcessTryIt_isStillHeldForOtherProcesses() throws Exception {
    openAt("a");
    openAt("a");
    Path lock = home.resolve("a/slot-00/LOCK");
    assertThat(JournalFiles.real().tryLock(lock)).isNull();
    assertThat(probe(lock)).isEqualTo("held");
    releaseAll();
    assertThat(probe(lock)).isEqualTo("free");
  }

  private static String probe(Path lock) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path = System.getProperty("java.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(java, "-cp", path, LockProbe.class.getName(), lock.toString());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] output = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return new String(output, StandardCharsets.UTF_8).trim();
  }

  @Test
  void start_copiedDirectory_bothHandOutTheSameIdentities() throws IOException {
    EventJournal original = openAt("a");
    add(original, "one");
    add(original, "two");
    assertThat(original.release(LIMIT)).isZero();
    copy(home.resolve("a"), home.resolve("b"));
    copy(home.resolve("a/slot-00"), home.resolve("b/slot-07"));
    List<String> expected = identities(openAt("a"));
    assertThat(expected).hasSize(2);
    assertThat(identities(openAt("b"))).hasSize(4).hasSameElementsAs(expected);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
