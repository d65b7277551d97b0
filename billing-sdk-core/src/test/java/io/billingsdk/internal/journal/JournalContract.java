package io.billingsdk.internal.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.EventJournal.Appended;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every {@link EventJournal} promises, whatever it keeps its records in. */
abstract class JournalContract {

  /** An empty journal that will hold at most so many bytes. */
  abstract EventJournal open(long boundBytes);

  /** What a record with so many bytes of body counts against the bound. */
  abstract long cost(int bodyBytes);

  /** The bound of a random run. */
  long randomBound(Random random) {
    return 200L + random.nextInt(5_000);
  }

  int randomRuns() {
    return 1_000;
  }

  /** Figures with what is the same for every journal. */
  JournalFigures comparable(JournalFigures figures) {
    return figures;
  }

  private void assertFigures(EventJournal journal, JournalFigures expected) {
    assertThat(comparable(journal.figures())).isEqualTo(comparable(expected));
  }

  private EventJournal journal() {
    return open(1 << 20);
  }

  private static byte[] body(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void fill(EventJournal journal, int records) {
    for (int i = 1; i <= records; i++) {
      assertThat(journal.append(body("body " + i))).isEqualTo(new Appended(i));
    }
  }

  static JournalRecord next(EventJournal journal) {
    return requireNonNull(journal.next(), "a record was expected");
  }

  private static List<Long> handOutAll(EventJournal journal) {
    List<Long> seqs = new ArrayList<>();
    for (JournalRecord r = journal.next(); r != null; r = journal.next()) {
      seqs.add(r.seq());
    }
    return seqs;
  }

  @Test
  void next_empty_isNull() {
    assertThat(journal().next()).isNull();
  }

  @Test
  void next_severalAppended_handsThemOutOnceInOrder() {
    EventJournal journal = journal();
    fill(journal, 5);
    assertThat(handOutAll(journal)).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(journal.next()).isNull();
  }

  @Test
  void next_record_carriesIdentityAndBody() {
    EventJournal journal = journal();
    fill(journal, 1);
    JournalRecord first = next(journal);
    assertThat(first.stream()).isEqualTo(journal.stream());
    assertThat(first.body()).isEqualTo(body("body 1"));
    assertThat(first.toString()).doesNotContain("body 1");
  }

  @Test
  void stream_twoJournals_differ() {
    assertThat(journal().stream()).isNotEqualTo(journal().stream());
  }

  @Test
  void rewind_afterPartialAcknowledgement_handsOutTheRestInOrderBeforeNewOnes() {
    EventJournal journal = journal();
    fill(journal, 6);
    List<JournalRecord> out = List.of(next(journal), next(journal), next(journal), next(journal));
    journal.acknowledge(out.get(1));
    journal.deadLetter(out.get(2), "refused");
    journal.rewind();
    assertThat(journal.append(body("7"))).isEqualTo(new Appended(7));
    assertThat(handOutAll(journal)).containsExactly(1L, 4L, 5L, 6L, 7L);
  }

  @Test
  void rewind_twice_isAsOnce() {
    EventJournal journal = journal();
    fill(journal, 3);
    JournalRecord first = next(journal);
    next(journal);
    journal.rewind();
    journal.rewind();
    assertThat(next(journal)).isSameAs(first);
    assertThat(handOutAll(journal)).containsExactly(2L, 3L);
  }

  @Test
  void acknowledge_afterRewind_isIgnored() {
    EventJournal journal = journal();
    fill(journal, 1);
    JournalRecord first = next(journal);
    journal.rewind();
    journal.acknowledge(first);
    journal.deadLetter(first, "refused");
    assertFigures(journal, JournalFigures.inMemory(1, 0, 1, 0, 0, cost(6)));
  }

  @Test
  void acknowledge_twice_countsOnce() {
    EventJournal journal = journal();
    fill(journal, 2);
    JournalRecord first = next(journal);
    journal.acknowledge(first);
    journal.acknowledge(first);
    journal.deadLetter(first, "refused");
    assertFigures(journal, JournalFigures.inMemory(2, 1, 1, 0, 0, cost(6)));
  }

  @Test
  void deadLetter_handedOut_isSetAsideAndStillHeld() {
    EventJournal journal = journal();
    fill(journal, 1);
    journal.deadLetter(next(journal), "refused");
    journal.rewind();
    assertThat(journal.next()).isNull();
    assertFigures(journal, JournalFigures.inMemory(1, 0, 0, 1, 0, cost(6)));
  }

  @Test
  void close_withRecords_takesNoMoreAndHandsOutTheRest() {
    EventJournal journal = journal();
    fill(journal, 2);
    journal.close();
    journal.close();
    assertThat(journal.append(body("late"))).isEqualTo(new EventJournal.Closed());
    journal.acknowledge(next(journal));
    journal.deadLetter(next(journal), "refused");
    assertFigures(journal, JournalFigures.inMemory(2, 1, 0, 1, 0, cost(6)));
  }

  @Test
  void settledUpTo_recordsWaitingOrHandedOut_isFalseUntilTheLastIsSettled() {
    EventJournal journal = journal();
    assertThat(journal.settledUpTo(journal.mark())).isTrue();
    fill(journal, 2);
    long mark = journal.mark();
    assertThat(mark).isEqualTo(2);
    assertThat(journal.append(body("after the mark"))).isEqualTo(new Appended(3));
    JournalRecord first = next(journal);
    JournalRecord second = next(journal);
    journal.acknowledge(second);
    assertThat(journal.settledUpTo(mark)).as("the first is handed out").isFalse();
    journal.rewind();
    assertThat(journal.settledUpTo(mark)).as("the first waits").isFalse();
    assertThat(next(journal)).isSameAs(first);
    journal.deadLetter(first, "refused");
    assertThat(journal.settledUpTo(mark)).isTrue();
    assertThat(journal.settledUpTo(journal.mark())).isFalse();
  }

  @Test
  void randomOperations_againstANaiveModel_agreeAfterEveryStep() {
    for (long seed = 1; seed <= randomRuns(); seed++) {
      new JournalModelRun(this, seed).run(/* operations= */ 100);
    }
  }
}
