package io.billingsdk.internal.journal;

import org.jspecify.annotations.Nullable;

/**
 * Counts of a journal; {@code appended = acknowledged + pending + deadLettered + dropped}.
 *
 * @param appended records ever taken, and those that earlier processes left
 * @param acknowledged records settled as delivered
 * @param pending records neither acknowledged, nor set aside, nor dropped
 * @param deadLettered records set aside
 * @param dropped records given up to make room for newer ones
 * @param bytes bytes that it holds
 * @param segments files that it consists of; 0 in memory
 * @param quarantined pieces of damage that were found and kept
 * @param unreadable files that this process leaves alone: they cannot be opened, or their format is
 *     newer; their records are in no other count
 * @param unreadableBytes bytes of those whose format is newer
 * @param oldestMillis when the oldest part of what is pending was begun, in milliseconds since
 *     1970; 0 when nothing is pending, or in memory
 * @param trouble why records are refused at the moment, or soon will be; null when all is well
 */
public record JournalFigures(
    long appended,
    long acknowledged,
    long pending,
    long deadLettered,
    long dropped,
    long bytes,
    int segments,
    long quarantined,
    int unreadable,
    long unreadableBytes,
    long oldestMillis,
    @Nullable String trouble) {

  /**
   * Those of a journal on disk. Pending events are counted where they are: on their way to the disk
   * or on it, and in the hands of the delivery. It is not what the other counts leave.
   *
   * @param hands taken before the others, so that pending is never too small
   * @param lastSeq of the records of this process, that of the last
   */
  static JournalFigures of(
      DeliveryQueue.QueueCounts hands, JournalEngine.View stored, long lastSeq, long bytes) {
    long notOffered = lastSeq - hands.ownOffered() + stored.recovered() - hands.othersOffered();
    long pending = hands.inHand() + notOffered;
    return new JournalFigures(
        stored.recovered() + lastSeq,
        hands.acknowledged(),
        pending,
        hands.deadLettered(),
        hands.dropped(),
        bytes,
        stored.segments(),
        stored.quarantined(),
        stored.unreadable(),
        stored.unreadableBytes(),
        pending == 0 ? 0 : stored.oldestMillis(),
        stored.trouble());
  }

  /** Those of a journal in memory. */
  static JournalFigures inMemory(
      long appended, long acknowledged, long pending, long deadLettered, long dropped, long bytes) {
    return new JournalFigures(
        appended, acknowledged, pending, deadLettered, dropped, bytes, 0, 0, 0, 0, 0, null);
  }
}
