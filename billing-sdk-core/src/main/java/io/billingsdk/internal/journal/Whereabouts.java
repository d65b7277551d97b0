package io.billingsdk.internal.journal;

import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether the slot that this process writes to is still where it was opened: a file that is open
 * can be written and forced long after its directory was removed, and nobody finds it then. Looked
 * at by name, for which the kernel keeps no promise. Confined to the journal's thread.
 */
final class Whereabouts {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final JournalFiles files;
  private final Path root;
  private final Clock clock;

  private @Nullable Path lock;
  private @Nullable Object lockIdentity;
  private @Nullable Object fileSystem;
  private long lookAtNanos;

  Whereabouts(JournalFiles files, Path root, Clock clock) {
    this.files = files;
    this.root = root;
    this.clock = clock;
    this.lookAtNanos = clock.monotonicNanos();
  }

  /** This process writes to this slot from now on. */
  void in(Path slot) throws IOException {
    lock = slot.resolve(Slot.LOCK);
    lockIdentity = files.identity(slot.resolve(Slot.LOCK));
    fileSystem = files.fileSystem(root);
    lookAtNanos = clock.monotonicNanos() + PAUSE.toNanos();
  }

  /** This process lets go of the slot, wherever it is. */
  void leave() {
    lock = null;
  }

  /** Whether it is time to look again. */
  boolean isDue() {
    return clock.monotonicNanos() - lookAtNanos >= 0;
  }

  /** When it will be. */
  long lookAtNanos() {
    return lookAtNanos;
  }

  /** Something was not where it should be. */
  void lookNow() {
    lookAtNanos = clock.monotonicNanos();
  }

  /** It was looked. */
  void looked() {
    lookAtNanos = clock.monotonicNanos() + PAUSE.toNanos();
  }

  /** Whether the slot is where it was, and its lock is the one that this process has. */
  boolean slotIsInPlace() {
    try {
      return lock != null && files.identity(lock).equals(lockIdentity);
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Nothing may be begun in a slot that is not there, or has become another process's.
   *
   * @throws GoneException if it is so
   */
  void requireSlot() throws GoneException {
    if (!slotIsInPlace()) {
      throw new GoneException("the directory was moved or removed");
    }
  }

  /** Whether the file system is the same: on another one, what is written would be hidden later. */
  boolean isOnSameFileSystem() {
    try {
      return files.fileSystem(root).equals(fileSystem);
    } catch (IOException unknown) {
      return false;
    }
  }
}
