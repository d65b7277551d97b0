package io.billingsdk;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The parts of a {@link ClientStatus.Journal}, which documents them. */
record JournalParts(
    boolean onDisk,
    long bytes,
    int segments,
    long quarantined,
    int unreadable,
    long unreadableBytes,
    @Nullable Instant oldest,
    @Nullable String trouble) {

  JournalParts withQuarantined(long newQuarantined) {
    return new JournalParts(
        onDisk, bytes, segments, newQuarantined, unreadable, unreadableBytes, oldest, trouble);
  }

  JournalParts withUnreadable(int newUnreadable) {
    return new JournalParts(
        onDisk, bytes, segments, quarantined, newUnreadable, unreadableBytes, oldest, trouble);
  }

  JournalParts withUnreadableBytes(long newBytes) {
    return new JournalParts(
        onDisk, bytes, segments, quarantined, unreadable, newBytes, oldest, trouble);
  }

  JournalParts withOldest(@Nullable Instant newOldest) {
    return new JournalParts(
        onDisk, bytes, segments, quarantined, unreadable, unreadableBytes, newOldest, trouble);
  }

  JournalParts withTrouble(@Nullable String newTrouble) {
    return new JournalParts(
        onDisk, bytes, segments, quarantined, unreadable, unreadableBytes, oldest, newTrouble);
  }
}
