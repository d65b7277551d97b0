package io.billingsdk.internal.journal;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@link RestoreRedelivery} knows of one slot. */
final class SlotRestore {
  final Path slot;

  /** To which ledger all was delivered that is noted there as delivered; null: to none known. */
  @Nullable UUID stored;

  /** Something was delivered to another ledger than the one that is there now. */
  boolean due;

  /** For which ledger it is being brought back; null when it is not. */
  @Nullable UUID target;

  /** Retained segments that are to be moved back, the oldest first. */
  Deque<RetainedName> waiting = new ArrayDeque<>();

  SlotRestore(Path slot, @Nullable UUID stored) {
    this.slot = slot;
    this.stored = stored;
  }

  /** Whether bringing back may begin: it would be begun again after a crash. */
  boolean isReady() {
    return due && PeerLedgerFile.MIXED.equals(stored);
  }
}
