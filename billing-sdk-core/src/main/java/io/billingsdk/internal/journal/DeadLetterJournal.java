package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.journal.DeadLetters.Letter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal of what was set aside, to be delivered once more under the identities that it has.
 *
 * <p>Guarantees that the file of an event is deleted only after the event was delivered: a crash
 * before costs a repetition, which the billing system recognises. One that is refused again keeps
 * its file. Takes no new records. Thread-safe.
 */
public final class DeadLetterJournal implements EventJournal {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final UUID stream = UUID.randomUUID();
  private final DeadLetters letters;
  private final Rewriting rewriting;
  private final Object lock = new Object();

  // All guarded by lock.
  private final Deque<Letter> waiting;
  private final Map<JournalRecord, Letter> handedOut = new LinkedHashMap<>();
  private final IdentityHashMap<Letter, JournalRecord> records = new IdentityHashMap<>();
  private final Map<String, Long> refusedAgain = new LinkedHashMap<>();
  private final long total;
  private long delivered;
  private long refused;

  /**
   * A journal of these.
   *
   * @param rewriting makes what is sent of each
   */
  public DeadLetterJournal(DeadLetters letters, List<Letter> chosen, Rewriting rewriting) {
    this.letters = letters;
    this.rewriting = rewriting;
    this.waiting = new ArrayDeque<>(chosen);
    this.total = chosen.size();
  }

  /** How many were refused again, by reason. */
  public Map<String, Long> refusedAgain() {
    synchronized (lock) {
      return new LinkedHashMap<>(refusedAgain);
    }
  }

  @Override
  public UUID stream() {
    return stream;
  }

  @Override
  public Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    return new Closed();
  }

  @Override
  public void onAvailable(Runnable available) {
    // All that there is, is there from the first.
  }

  @Override
  public void onRoom(Runnable room) {}

  @Override
  public @Nullable JournalRecord next() {
    synchronized (lock) {
      Letter letter = waiting.pollFirst();
      while (letter != null) {
        try {
          JournalRecord record = record(letter);
          handedOut.put(record, letter);
          return record;
        } catch (IOException unreadable) {
          again("it cannot be read: " + unreadable.getMessage());
        }
        letter = waiting.pollFirst();
      }
      return null;
    }
  }

  /** The same object each time, until it is settled. */
  private JournalRecord record(Letter letter) throws IOException {
    JournalRecord record = records.get(letter);
    if (record == null) {
      byte[] body = rewriting.of(letters.read(letter).body());
      record = new JournalRecord(letter.stream(), letter.seq(), body);
      records.put(letter, record);
    }
    return record;
  }

  @Override
  public void rewind() {
    synchronized (lock) {
      List<Letter> back = new ArrayList<>(handedOut.values());
      handedOut.clear();
      for (int i = back.size() - 1; i >= 0; i--) {
        waiting.addFirst(back.get(i));
      }
    }
  }

  @Override
  public void acknowledge(JournalRecord arrived) {
    synchronized (lock) {
      Letter letter = take(arrived);
      if (letter == null) {
        return;
      }
      delivered++;
      try {
        letters.delete(letter);
      } catch (IOException failed) {
        // Brought back once more, it is a duplicate.
        log.warn("{} is delivered and cannot be deleted: {}", letter.file(), failed.toString());
      }
    }
  }

  @Override
  public void deadLetter(JournalRecord event, String reason) {
    synchronized (lock) {
      if (take(event) != null) {
        again(reason);
      }
    }
  }

  private @Nullable Letter take(JournalRecord event) {
    Letter letter = handedOut.remove(event);
    if (letter != null) {
      records.remove(letter);
    }
    return letter;
  }

  private void again(String reason) {
    refused++;
    refusedAgain.merge(reason, 1L, Long::sum);
  }

  @Override
  public long mark() {
    return 0;
  }

  @Override
  public boolean settledUpTo(long mark) {
    synchronized (lock) {
      return waiting.isEmpty() && handedOut.isEmpty();
    }
  }

  @Override
  public JournalFigures figures() {
    synchronized (lock) {
      long pending = (long) waiting.size() + handedOut.size();
      return JournalFigures.inMemory(total, delivered, pending, refused, 0, 0);
    }
  }

  @Override
  public List<DroppedRange> dropped() {
    return List.of();
  }

  @Override
  public long secure(Duration timeout) {
    return 0; // Each has its file.
  }

  @Override
  public void close() {
    // It takes nothing in any case.
  }

  @Override
  public long release(Duration timeout) {
    return 0;
  }
}
