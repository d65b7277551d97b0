package io.billingsdk.internal.journal;

final class MemoryJournalTest extends JournalContract {
  @Override
  Journal open(long boundBytes) {
    return new MemoryJournal(boundBytes);
  }

  @Override
  long cost(int bodyBytes) {
    return bodyBytes + 64L;
  }
}
