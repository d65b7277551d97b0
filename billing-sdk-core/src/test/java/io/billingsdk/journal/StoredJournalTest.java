package io.billingsdk.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingConfig;
import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A journal that a process left: one event delivered, one set aside, one pending. */
@Timeout(60)
final class StoredJournalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> BODIES =
      List.of("{\"usage\":1}", "{\"usage\":2}", "{\"usage\":3}");

  @TempDir Path directory;

  private DurableJournal open() throws IOException {
    DurableJournal journal =
        DurableJournal.in(
            directory,
            1 << 20,
            null,
            /* minFreeBytes= */ 0,
            /* dropOldest= */ false,
            Clock.system());
    journal.start();
    return journal;
  }

  private static JournalRecord next(DurableJournal journal) {
    List<JournalRecord> found = new ArrayList<>();
    Await.until(
        PATIENCE,
        () -> {
          JournalRecord record = journal.next();
          if (record != null) {
            found.add(record);
          }
          return record != null;
        });
    return requireNonNull(found.get(0));
  }

  /** The stream of the process. */
  private UUID leave() throws IOException {
    DurableJournal journal = open();
    for (String body : BODIES) {
      journal.append(body.getBytes(UTF_8));
    }
    journal.acknowledge(next(journal));
    journal.deadLetter(next(journal), "payload format invalid");
    assertThat(journal.release(PATIENCE)).isZero();
    return journal.stream();
  }

  /** Names and bytes of all files. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(each).toString(), Files.readString(each, ISO_8859_1));
      }
    }
    return files;
  }

  @Test
  void inspect_ofWhatAProcessLeft_countsEachFate() throws IOException {
    UUID stream = leave();
    List<JournalSlot> slots = StoredJournal.in(directory).inspect();

    assertThat(slots).hasSize(1);
    JournalSlot slot = slots.get(0);
    assertThat(slot.name()).isEqualTo("slot-00");
    assertThat(slot.inUse()).isFalse();
    assertThat(slot.deadLetters()).isEqualTo(1);
    assertThat(slot.quarantined()).isZero();
    assertThat(slot.retained()).isZero();
    assertThat(slot.notTrusted()).isNull();
    assertThat(slot.segments()).hasSize(1);
    JournalSegment segment = slot.segments().get(0);
    assertThat(segment.stream()).isEqualTo(stream);
    assertThat(segment.records()).isEqualTo(3);
    assertThat(segment.settled()).isEqualTo(2);
    assertThat(segment.pending()).isEqualTo(1);
    assertThat(segment.damaged()).isZero();
    assertThat(segment.firstSeq()).isEqualTo(1);
    assertThat(segment.lastSeq()).isEqualTo(3);
    assertThat(segment.created()).isNotNull();
    assertThat(segment.isNewer()).isFalse();
  }

  @Test
  void inspect_besideALivingProcess_saysThatTheSlotIsInUse() throws IOException {
    DurableJournal living = open();
    try {
      assertThat(StoredJournal.in(directory).inspect())
          .extracting(JournalSlot::inUse)
          .containsExactly(true);
    } finally {
      living.release(PATIENCE);
    }
  }

  @Test
  void export_ofWhatAProcessLeft_handsOutEachEventInOrder() throws IOException {
    UUID stream = leave();
    List<JournalEvent> events = new ArrayList<>();
    StoredJournal.in(directory).export(events::add);

    assertThat(events).extracting(JournalEvent::stream).containsOnly(stream);
    assertThat(events).extracting(JournalEvent::seq).containsExactly(1L, 2L, 3L);
    assertThat(events).extracting(JournalEvent::settled).containsExactly(true, true, false);
    assertThat(events)
        .extracting(event -> new String(event.json(), UTF_8))
        .containsExactlyElementsOf(BODIES);
    events.get(0).json()[0] = 'x';
    assertThat(events.get(0).json()[0]).as("a copy each time").isEqualTo((byte) '{');
    assertThat(events.toString()).doesNotContain("usage");
  }

  @Test
  void deadEvents_ofWhatAProcessLeft_nameTheEventAndItsReason() throws IOException {
    UUID stream = leave();
    List<DeadEvent> dead = StoredJournal.in(directory).deadEvents();

    assertThat(dead).hasSize(1);
    assertThat(dead.get(0).stream()).isEqualTo(stream);
    assertThat(dead.get(0).seq()).isEqualTo(2);
    assertThat(dead.get(0).reason()).isEqualTo("payload format invalid");
    assertThat(new String(dead.get(0).json(), UTF_8)).isEqualTo(BODIES.get(1));
    assertThat(dead.get(0)).hasToString("DeadEvent[stream=" + stream + ", seq=2]");
  }

  @Test
  void looking_atAJournal_changesNoFile() throws IOException {
    leave();
    Map<String, String> before = files();
    StoredJournal journal = StoredJournal.in(directory);
    journal.inspect();
    journal.export(event -> {});
    journal.deadEvents().get(0).reason();

    assertThat(files()).isEqualTo(before);
  }

  @Test
  void looking_whereNoJournalIs_findsNothing() throws IOException {
    StoredJournal none = StoredJournal.in(directory.resolve("none"));
    List<JournalEvent> events = new ArrayList<>();
    none.export(events::add);
    assertThat(none.inspect()).isEmpty();
    assertThat(none.deadEvents()).isEmpty();
    assertThat(events).isEmpty();
  }

  @Test
  void replay_thatDeliversNothing_keepsWhatIsSetAside() throws IOException {
    leave();
    StoredJournal journal = StoredJournal.in(directory);
    DeadEventReplay replay =
        journal.replay(
            BillingConfig.builder().host("broker.invalid").build(),
            journal.deadEvents(),
            Duration.ZERO);
    assertThat(replay.client().status().delivery().pending()).isEqualTo(1);
    replay.client().start();
    assertThat(replay.client().close(Duration.ZERO).delivered()).isZero();

    assertThat(replay.refusedAgain()).isEmpty();
    assertThat(journal.deadEvents()).extracting(DeadEvent::seq).containsExactly(2L);
  }

  @Test
  void reason_ofAnEventThatIsGone_saysSo() throws IOException {
    leave();
    DeadEvent dead = StoredJournal.in(directory).deadEvents().get(0);
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.filter(file -> file.toString().contains("dead")).toList()) {
        if (Files.isRegularFile(each)) {
          Files.delete(each);
        }
      }
    }
    assertThatThrownBy(dead::reason).isInstanceOf(IOException.class);
  }
}
