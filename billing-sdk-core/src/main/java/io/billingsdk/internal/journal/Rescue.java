package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each second whether the files of the journal are where they were, and if not, says so and
 * writes what is not delivered to where the next process will look for it: from the files, which
 * are open, and from memory. Confined to the journal's thread.
 *
 * <p>Guarantees that nothing is called durable that is in a file without a name. Undelivered
 * records that were durable are so again when their segment is written again; until then they live
 * as long as the process.
 */
final class Rescue {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** Of the segments that are only read, as many are looked at each time: there may be many. */
  private static final int SAMPLE = 4;

  /** Each slot that is tried reports a directory that cannot be created. */
  private static final int LOOKS_UNTIL_ANEW = 10;

  private final Path root;
  private final Whereabouts whereabouts;
  private final SegmentLog segments;
  private final ActiveSegment growing;
  private final RecordWriter writer;
  private final StorageHealth health;
  private final JournalFiles files;
  private final Quarantine quarantine;

  /** Takes a slot in the directory as it is now; null when that is not wanted. */
  private final @Nullable Anew anew;

  private final Deque<StoredSegment> missing = new ArrayDeque<>();
  private @Nullable Path slot;
  private int looked;
  private int looksUntilAnew;
  private long written;

  /** Something failed, and is tried again at the next look. */
  private boolean paused;

  private Consumer<String> told = problem -> {};
  private Runnable begunAnew = () -> {};

  /** Begins in the directory as it is now. */
  @FunctionalInterface
  interface Anew {
    /** Returns when there is a slot to write to. */
    void begin() throws IOException;
  }

  Rescue(
      JournalFiles files,
      Path root,
      Whereabouts whereabouts,
      SegmentLog segments,
      ActiveSegment growing,
      RecordWriter writer,
      StorageHealth health,
      @Nullable Anew anew) {
    this.files = files;
    this.root = root;
    this.whereabouts = whereabouts;
    this.segments = segments;
    this.growing = growing;
    this.writer = writer;
    this.health = health;
    this.quarantine = segments.aside();
    this.anew = anew;
  }

  /** Sets the listeners for what has happened, and for another directory. */
  void onProblem(Consumer<String> newTold, Runnable newBegunAnew) {
    told = newTold;
    begunAnew = newBegunAnew;
  }

  /** From now on this is the slot. */
  void in(Path newSlot) {
    slot = newSlot;
  }

  /**
   * Looks, if it is time, and does a part of what is to be done.
   *
   * @return whether there is more to be done at once
   */
  boolean proceed() {
    if (whereabouts.isDue()) {
      whereabouts.looked();
      look();
    }
    if (missing.isEmpty() || paused || health.isGone()) {
      return false;
    }
    rescueNext();
    if (missing.isEmpty() && written > 0) {
      log.warn("the undelivered events are in {} again, in {} files", slot, written);
      written = 0;
    }
    return !missing.isEmpty() && !paused;
  }

  /** Does all of it: the process is about to let go of what is open. */
  void finish() {
    whereabouts.lookNow();
    boolean more = proceed();
    for (int tries = segments.count(); more && tries > 0; tries--) {
      more = proceed();
    }
  }

  private void look() {
    paused = false;
    if (!whereabouts.slotIsInPlace()) {
      slotIsGone();
      return;
    }
    if (health.isGone()) {
      log.warn("the directory of the journal, {}, is back", root);
      health.markBack(writer.hasWrittenAll());
    }
    boolean lost = !growing.isInPlace();
    if (lost) {
      writer.leave(new GoneException("it was removed or replaced"));
    }
    if (missing.isEmpty() && (lost || sampleIsMissing())) {
      findMissing();
      String what =
          "files of the journal in "
              + root
              + " were removed or replaced while in use; "
              + missing.size()
              + " are written again";
      log.error("{}", what);
      told.accept(what);
    }
    lookForReadOnly();
    quarantine.look();
  }

  private void slotIsGone() {
    boolean first = !health.isGone();
    boolean mounted = whereabouts.isOnSameFileSystem();
    String what =
        mounted
            ? "the directory of the journal, "
                + root
                + ", was removed, moved or replaced while in use"
            : "the file system of the journal, " + root + ", is no longer mounted there";
    writer.leave(new GoneException(what));
    health.markGone(what);
    if (first) {
      told.accept(what);
    }
    if (!first && looksUntilAnew-- > 0) {
      return;
    }
    looksUntilAnew = 0;
    if (anew == null || !mounted) {
      tellWayOut(first, what, mounted ? " Put it back, or restart the process" : " Mount it again");
      return;
    }
    try {
      anew.begin();
      findMissing();
      health.markBack(writer.hasWrittenAll());
      log.error(
          "{}. The SDK creates it again and writes the files of all undelivered events, {}, there."
              + " Set journalDirectory to a path that no deployment touches",
          what,
          missing.size());
      begunAnew.run();
    } catch (IOException failed) {
      looksUntilAnew = LOOKS_UNTIL_ANEW;
      tellWayOut(
          first,
          what,
          ". The SDK cannot create it again: " + failed.getMessage() + " (it keeps trying)");
    }
  }

  private void tellWayOut(boolean first, String what, String wayOut) {
    if (first) {
      log.error(
          "{}. The SDK rejects events until it is there, and delivers accepted events as long as"
              + " this process lives.{}",
          what,
          wayOut);
    }
  }

  private boolean sampleIsMissing() {
    List<StoredSegment> all = segments.store().all();
    for (int i = 0; i < Math.min(SAMPLE, all.size()); i++) {
      StoredSegment next = all.get(looked++ % all.size());
      if (looked >= all.size()) {
        looked = 0;
      }
      if (!next.growing() && !next.isInPlace()) {
        return true;
      }
    }
    return false;
  }

  private void findMissing() {
    missing.clear();
    for (StoredSegment segment : segments.store().all()) {
      if (!segment.growing() && !segment.isInPlace()) {
        missing.add(segment);
      }
    }
  }

  private void rescueNext() {
    StoredSegment next = missing.removeFirst();
    Path to = slot;
    if (to == null || next.isSpent() || !segments.store().has(next) || next.isInPlace()) {
      return;
    }
    try {
      next.rescueTo(to);
      written++;
    } catch (NoSuchFileException notOpen) {
      String what = next.name().wal() + " is gone with the events in it: it was not open";
      log.error("{}", what);
      told.accept(what);
    } catch (IOException failed) {
      log.warn("{} cannot be written again yet: {}", next.name().wal(), failed.toString());
      missing.addFirst(next);
      paused = true;
    }
  }

  private void lookForReadOnly() {
    Path directory = slot;
    boolean writable = directory == null || files.isWritable(directory);
    if (!writable && !health.isWarned()) {
      String what =
          "the directory of the journal, "
              + directory
              + ", can no longer be written: the journal accepts events until its open file is"
              + " full. Make the directory writable again";
      log.error("{}", what);
      told.accept(what);
      health.warn(what);
    } else if (writable && health.isWarned()) {
      log.info("the directory of the journal can be written again");
      health.warn(null);
    }
  }
}
