package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.internal.journal.Journal.Appended;
import org.junit.jupiter.api.Test;

final class MemoryJournalTest extends JournalContract {
  @Override
  Journal open(long boundBytes) {
    return new MemoryJournal(boundBytes);
  }

  @Override
  long cost(int bodyBytes) {
    return bodyBytes + 64L;
  }

  @Test
  void append_exactlyAtTheBound_isTakenAndOneByteMoreIsNot() {
    Journal journal = open(cost(10) + cost(20));
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(1));
    assertThat(journal.append(new byte[21])).isEqualTo(new Journal.Full(cost(10) + cost(20), true));
    assertThat(journal.append(new byte[20])).as("no number is lost").isEqualTo(new Appended(2));
    assertThat(journal.append(new byte[0])).isInstanceOf(Journal.Full.class);
    assertThat(journal.figures().appended()).isEqualTo(2);
  }

  @Test
  void append_fullAndThenAcknowledged_isTakenAgain() {
    Journal journal = open(cost(10));
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(1));
    JournalRecord first = next(journal);
    assertThat(journal.append(new byte[10])).isInstanceOf(Journal.Full.class);
    journal.acknowledge(first);
    assertThat(journal.append(new byte[10])).isEqualTo(new Appended(2));
  }
}
