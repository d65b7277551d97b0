package io.billingsdk.internal.journal;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of accepted events, and the only queue between a caller and the broker.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>Order.</b> Records are handed out in the order in which they were appended.
 *   <li><b>Identity.</b> {@code (stream, seq)} is given once, at append, and never again.
 *   <li><b>Nothing leaves by itself.</b> A record stays until it is acknowledged, or set aside as a
 *       dead letter; or is dropped by a journal that is set to drop the oldest rather than to
 *       refuse new ones, never while it is handed out, counted, and named by {@link #dropped}.
 * </ul>
 *
 * <p>{@link #append}, {@link #figures}, {@link #dropped} and {@link #mark} may be called by any
 * thread and never block on I/O, and only {@link BlockingJournal} lets a caller wait; the others
 * belong to the one thread that delivers.
 */
public interface EventJournal {

  /** Identity of what is appended through this object; random, made when it was opened. */
  UUID stream();

  /** Takes a record, or says why not. The array is not copied and must not be changed after. */
  default Append append(byte[] body) {
    return append(body, null);
  }

  /**
   * As {@link #append(byte[])}.
   *
   * @param durable completed when the record would survive a power cut, or exceptionally when it
   *     can never be; on a thread of the journal, so that what depends on it must go elsewhere.
   *     Untouched when the record is not taken. Null when nobody waits
   */
  Append append(byte[] body, @Nullable CompletableFuture<Void> durable);

  /** Sets what is run, on any thread and with no lock held, when {@link #next} may have more. */
  void onAvailable(Runnable available);

  /** Sets what is run, on any thread and with no lock held, when a full journal may have room. */
  void onRoom(Runnable room);

  /** Hands out the next record that is not handed out, or null. */
  @Nullable JournalRecord next();

  /** Forgets what was handed out: all that is not settled will be handed out again, in order. */
  void rewind();

  /** Settles a record: it was delivered. */
  void acknowledge(JournalRecord delivered);

  /** Settles a record: it can never be delivered, for this reason; it is kept aside. */
  void deadLetter(JournalRecord refused, String reason);

  /**
   * Tells to which ledger is delivered from now on. One that retains what was delivered hands out
   * again what it still has of it when this is another ledger than before; any other does nothing.
   */
  default void deliveringTo(UUID ledger) {}

  /** The place of the last record appended so far. */
  long mark();

  /** Whether everything up to a mark is settled. */
  boolean settledUpTo(long mark);

  /** One consistent reading of the counts. */
  JournalFigures figures();

  /**
   * The events dropped to make room since it was opened, as ranges; of more than a few hundred
   * ranges the oldest are forgotten. {@link JournalFigures#dropped} counts all.
   */
  List<DroppedRange> dropped();

  /**
   * The process is about to end: waits until all that was taken is on disk. From now on an append
   * returns when its record is there, too, so that none is accepted that the end could take away.
   * Nothing else changes. Any thread.
   *
   * @param timeout how long to wait for the disk
   * @return records that are not delivered and not known to be on disk
   */
  long secure(Duration timeout);

  /** Takes no more records. Those that it has can still be handed out and settled. */
  void close();

  /**
   * Closes it, and lets go of all that it holds; the last call.
   *
   * @param timeout how long to wait for the disk
   * @return records that nobody will ever deliver: accepted, not settled, and not on disk
   */
  long release(Duration timeout);

  /** What became of an append. */
  sealed interface Append {}

  /** The record is in the journal. */
  record Appended(long seq) implements Append {}

  /**
   * The record would exceed the bound.
   *
   * @param mayPass whether it would fit if there were less in the journal
   */
  record Full(long boundBytes, boolean mayPass) implements Append {}

  /** The journal is closed. */
  record Closed() implements Append {}

  /** The storage cannot take records now: the disk is full, or fails. */
  record Unavailable(String why) implements Append {}
}
