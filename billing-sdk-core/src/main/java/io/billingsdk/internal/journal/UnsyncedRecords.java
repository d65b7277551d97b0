package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.AppendQueue.PendingAppend;
import java.util.ArrayList;
import java.util.List;

/**
 * Records that were written and not yet forced: those that a force under way covers, and those that
 * were written since it was begun. They are kept because a failed force may have lost them.
 * Confined to the journal's thread.
 */
final class UnsyncedRecords {
  /** Covered by the force that is under way. */
  private List<PendingAppend> covered = new ArrayList<>();

  private List<PendingAppend> later = new ArrayList<>();
  private long coveredBytes;
  private long laterBytes;
  private boolean somebodyWaits;
  private boolean forcing;

  void add(List<PendingAppend> written, long bytes) {
    later.addAll(written);
    laterBytes += bytes;
    for (int i = written.size() - 1; i >= 0 && !somebodyWaits; i--) {
      somebodyWaits = written.get(i).durable() != null;
    }
  }

  /** Whether there is none for the next force. */
  boolean noneLater() {
    return later.isEmpty();
  }

  /** Bytes of those for the next force. */
  long laterBytes() {
    return laterBytes;
  }

  long bytes() {
    return coveredBytes + laterBytes;
  }

  /** Whether somebody waits for one of those for the next force. */
  boolean somebodyWaits() {
    return somebodyWaits;
  }

  /** Whether a force is under way. */
  boolean forcing() {
    return forcing;
  }

  /** A force is begun, which covers all that were written. None may be under way. */
  void begin() {
    List<PendingAppend> empty = covered;
    covered = later;
    coveredBytes = laterBytes;
    later = empty;
    laterBytes = 0;
    somebodyWaits = false;
    forcing = true;
  }

  /** The force that was begun has succeeded: those that it covers are durable. */
  void succeeded() {
    forcing = false;
    coveredBytes = 0;
    List<PendingAppend> durable = covered;
    covered = new ArrayList<>();
    for (PendingAppend entry : durable) {
      if (entry.durable() != null) {
        entry.durable().complete(null);
      }
    }
  }

  /** Takes all of them, oldest first; if a force was under way, it has ended. */
  List<PendingAppend> takeAll() {
    List<PendingAppend> all = new ArrayList<>(covered);
    all.addAll(later);
    covered.clear();
    coveredBytes = 0;
    forcing = false;
    later.clear();
    laterBytes = 0;
    somebodyWaits = false;
    return all;
  }
}
