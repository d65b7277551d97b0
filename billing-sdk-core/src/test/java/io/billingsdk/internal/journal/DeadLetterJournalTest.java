package io.billingsdk.internal.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.DeadLetters.Letter;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.EncodedEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that a journal has set aside, and their way back. */
final class DeadLetterJournalTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String WHY = "refused by the billing system: IN_FUTURE";

  @TempDir Path home;

  private DurableJournal open() throws IOException {
    DurableJournal journal =
        DurableJournal.in(home, 16 << 20, Duration.ZERO, 0, false, Clock.system());
    journal.start();
    return journal;
  }

  /** Sets them aside, as a living process does; its stream. */
  private UUID setAside(int events) throws IOException {
    DurableJournal journal = open();
    for (int i = 1; i <= events; i++) {
      var unused = journal.append(event(i, 1_760_000_000_000L).getBytes(UTF_8));
    }
    for (int i = 1; i <= events; i++) {
      JournalRecord next = Awaitility.await().atMost(LIMIT).until(journal::next, Objects::nonNull);
      journal.deadLetter(requireNonNull(next), WHY);
    }
    journal.release(LIMIT);
    return journal.stream();
  }

  private static String event(int number, long time) {
    return "{\"ts\":%d,\"key_id\":\"k\",\"usage\":%d.50}".formatted(time, number);
  }

  private DeadLetterJournal all(long offsetMillis) throws IOException {
    DeadLetters letters = new DeadLetters(home);
    return new DeadLetterJournal(
        letters, letters.list(), body -> EncodedEvent.moved(body, offsetMillis));
  }

  private static List<JournalRecord> handedOut(EventJournal journal) {
    List<JournalRecord> all = new ArrayList<>();
    for (JournalRecord next = journal.next(); next != null; next = journal.next()) {
      all.add(next);
    }
    return all;
  }

  private long filesLeft() throws IOException {
    return new DeadLetters(home).list().size();
  }

  @Test
  void next_ofWhatWasSetAside_hasTheFirstIdentity_andTheMovedTime() throws IOException {
    UUID stream = setAside(3);

    List<JournalRecord> found = handedOut(all(-3_600_000));

    assertThat(found).extracting(JournalRecord::stream).containsOnly(stream);
    assertThat(found).extracting(JournalRecord::seq).containsExactly(1L, 2L, 3L);
    assertThat(new String(found.get(1).body(), UTF_8)).isEqualTo(event(2, 1_759_996_400_000L));
    assertThat(handedOut(all(0)).get(0).body())
        .isEqualTo(event(1, 1_760_000_000_000L).getBytes(UTF_8));
    assertThat(filesLeft()).isEqualTo(3);
  }

  @Test
  void acknowledge_deletesItsFile_andDeadLetterKeepsIt() throws IOException {
    setAside(3);
    DeadLetterJournal journal = all(0);
    List<JournalRecord> found = handedOut(journal);
    assertThat(journal.settledUpTo(journal.mark())).isFalse();

    journal.acknowledge(found.get(0));
    journal.acknowledge(found.get(0));
    journal.deadLetter(found.get(1), "again");
    journal.rewind();

    assertThat(journal.figures()).isEqualTo(JournalFigures.inMemory(3, 1, 1, 1, 0, 0));
    assertThat(filesLeft()).isEqualTo(2);
    JournalRecord third = requireNonNull(journal.next());
    assertThat(third).as("the same object until it is settled").isSameAs(found.get(2));
    journal.acknowledge(third);
    assertThat(journal.settledUpTo(journal.mark())).isTrue();
    assertThat(journal.refusedAgain()).isEqualTo(Map.of("again", 1L));
    assertThat(new DeadLetters(home).list()).extracting(Letter::seq).containsExactly(2L);
  }

  /** A process that was killed while it set an event aside sets it aside once more. */
  @Test
  void next_ofAFileThatIsCutOff_isLeftOut_andTheFileStays() throws IOException {
    setAside(3);
    Path cut = new DeadLetters(home).list().get(1).file();
    byte[] whole = Files.readAllBytes(cut);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = new byte[length];
      System.arraycopy(whole, 0, part, 0, length);
      Files.write(cut, part);
      DeadLetterJournal journal = all(1_000);
      assertThat(handedOut(journal)).as("%d bytes", length).hasSize(2);
      assertThat(journal.figures().deadLettered()).isEqualTo(1);
    }
    assertThat(filesLeft()).isEqualTo(3);
  }

  @Test
  void list_ofLinksAndOtherFiles_leavesThemAlone() throws IOException {
    setAside(1);
    Path dead = requireNonNull(new DeadLetters(home).list().get(0).file().getParent());
    Files.writeString(dead.resolve("README"), "not ours");
    Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
    Path letter = new DeadLetters(home).list().get(0).file();
    Files.copy(letter, elsewhere.resolve(String.valueOf(letter.getFileName())));
    Files.createDirectories(home.resolve("slot-07"));
    Files.createSymbolicLink(home.resolve("slot-07").resolve("dead"), elsewhere);

    assertThat(new DeadLetters(home).list()).extracting(Letter::file).containsExactly(letter);
    assertThat(new DeadLetters(home.resolve("nothing")).list()).isEmpty();
  }

  @Test
  void secure_ofAJournalOnDisk_returnsWhenAllIsThere_andSoDoesAnAppendAfterIt() throws IOException {
    DurableJournal journal =
        DurableJournal.in(home, 16 << 20, null, 0, /* dropOldest= */ false, Clock.system());
    journal.start();
    for (int i = 1; i <= 1_000; i++) {
      var unused = journal.append(event(i, i).getBytes(UTF_8));
    }

    assertThat(journal.secure(LIMIT)).isZero();
    assertThat(stored()).isEqualTo(1_000);
    assertThat(journal.append(event(1_001, 1).getBytes(UTF_8)))
        .isEqualTo(new EventJournal.Appended(1_001));
    assertThat(stored()).as("before the append returned").isEqualTo(1_001);
    assertThat(requireNonNull(journal.next()).seq()).as("it delivers as before").isEqualTo(1);
    journal.release(LIMIT);
    assertThat(journal.secure(LIMIT)).as("closed already").isZero();
  }

  private long stored() throws IOException {
    List<Long> found = new ArrayList<>();
    new JournalInspector(home).forEach(stored -> found.add(stored.seq()));
    return found.size();
  }

  @Test
  void secure_ofAJournalInMemory_saysWhatIsLost() {
    EventJournal journal = new MemoryJournal(1 << 20);
    var unused = journal.append(new byte[10]);
    assertThat(journal.secure(LIMIT)).isEqualTo(1);
  }

  @Test
  void deadLetters_ofAnUnknownReason_areStillWholeFiles() throws IOException {
    setAside(2);
    try (Stream<Path> files = Files.walk(home)) {
      assertThat(files.filter(each -> each.toString().endsWith(".event"))).hasSize(2);
    }
    DeadLetters letters = new DeadLetters(home);
    DeadLetters.Content content = letters.read(letters.list().get(0));
    assertThat(content.reason()).isEqualTo(WHY);
    assertThat(EncodedEvent.timeMillis(content.body())).isEqualTo(1_760_000_000_000L);
  }
}
