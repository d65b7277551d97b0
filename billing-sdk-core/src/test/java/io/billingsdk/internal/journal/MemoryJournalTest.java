package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.EventJournal.Appended;
import org.junit.jupiter.api.Test;

final class MemoryJournalTest extends JournalContract {
  @Override
  EventJournal open(long boundBytes) {
    return new MemoryJournal(boundBytes);
  }

  @Override
  long cost(int bodyBytes) {
    return bodyBytes + 64L;
  }

  @Test
  void append_exactlyAtTheBound_isTakenAndOneByteMoreIsNot() {
    EventJournal journal = open(cost(10) + cost(20));
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(1));
    assertThat(journal.append(new byte[21]))
        .isEqualTo(new EventJournal.Full(cost(10) + cost(20), true));
    assertThat(journal.append(new byte[20])).as("no number is lost").isEqualTo(new Appended(2));
    assertThat(journal.append(new byte[0])).isInstanceOf(EventJournal.Full.class);
    assertThat(journal.figures().appended()).isEqualTo(2);
  }

  @Test
  void append_fullAndDroppingTheOldest_dropsWhatIsNotHandedOutAndCountsIt() {
    EventJournal journal = new MemoryJournal(3 * cost(10), /* dropOldest= */ true);
    for (int i = 1; i <= 3; i++) {
      assertThat(journal.append(new byte[10])).isEqualTo(new Appended(i));
    }
    JournalRecord first = next(journal);
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(4));
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(5));
    assertThat(journal.dropped()).containsExactly(new DroppedRange(journal.stream(), 2, 3));
    assertThat(journal.figures())
        .isEqualTo(JournalFigures.inMemory(5, 0, 3, 0, /* dropped= */ 2, 3 * cost(10)));
    journal.rewind();
    assertThat(next(journal)).isSameAs(first);
    assertThat(next(journal).seq()).isEqualTo(4);
  }

  @Test
  void append_allIsHandedOut_dropsNothingAndSaysFull() {
    EventJournal journal = new MemoryJournal(cost(10), /* dropOldest= */ true);
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(1));
    next(journal);
    assertThat(journal.append(new byte[10])).isInstanceOf(EventJournal.Full.class);
    assertThat(journal.dropped()).isEmpty();
  }

  @Test
  void append_fullAndThenAcknowledged_isTakenAgain() {
    EventJournal journal = open(cost(10));
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(1));
    JournalRecord first = next(journal);
    assertThat(journal.append(new byte[10])).isInstanceOf(EventJournal.Full.class);
    journal.acknowledge(first);
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(2));
  }
}
