package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots that this process has: the one that it writes to, and those of dead processes for as
 * long as there is something in them. Confined to the journal's thread.
 */
final class HeldSlots {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final JournalFiles files;
  private final Path root;
  private final Clock clock;
  private final Duration adoption;
  private final SegmentLog segments;
  private final @Nullable DeliveredRetention deliveredRetention;

  private final List<Slot> adopted = new ArrayList<>();
  private @Nullable Slot own;
  private long adoptAtNanos;

  /** None yet. {@code adoption} is how often slots of dead processes are looked for. */
  HeldSlots(
      JournalFiles files,
      Path root,
      Clock clock,
      Duration adoption,
      SegmentLog segments,
      @Nullable DeliveredRetention deliveredRetention) {
    this.files = files;
    this.root = root;
    this.clock = clock;
    this.adoption = adoption;
    this.segments = segments;
    this.deliveredRetention = deliveredRetention;
  }

  /**
   * Takes a slot to write to.
   *
   * @throws IOException when the directory cannot be used at all
   */
  Slot takeOwn() throws IOException {
    files.createDirectories(root);
    files.checkTrusted(root);
    if (files.list(root).stream().noneMatch(name -> name.startsWith("slot-"))) {
      forceAncestors();
    }
    Slot taken = Slot.take(files, root);
    own = taken;
    adoptAtNanos = clock.monotonicNanos();
    return taken;
  }

  /**
   * Takes a slot in the directory as it is now, in place of those that this process had.
   *
   * @throws IOException when there is none to be had
   */
  Slot takeAnew() throws IOException {
    release();
    return takeOwn();
  }

  /** The slot to write to; null when it is lost. */
  @Nullable Slot ownOrNull() {
    return own;
  }

  /** The slot to write to. */
  Slot own() {
    return Objects.requireNonNull(own, "not open");
  }

  /** When slots will be looked for next. */
  long adoptAtNanos() {
    return adoptAtNanos;
  }

  /** Looks for slots of dead processes, when it is time, and takes over what is in them. */
  void adoptIfDue() {
    if (clock.monotonicNanos() - adoptAtNanos < 0) {
      return;
    }
    adoptAtNanos = clock.monotonicNanos() + adoption.toNanos();
    letGoOfTheEmpty();
    try {
      for (Slot slot : Slot.adopt(files, root)) {
        log.info("taking over the events that another process left in {}", slot.directory());
        adopt(slot);
      }
      if (deliveredRetention != null) {
        deliveredRetention.tidy(Slot.directories(files, root), this::adopt);
      }
    } catch (IOException failed) {
      log.trace("the slots of the journal cannot be listed", failed);
    }
  }

  private void adopt(Slot slot) throws IOException {
    adopted.add(slot);
    if (deliveredRetention != null) {
      deliveredRetention.holds(slot.directory());
    }
    segments.addFound(slot.directory(), /* adopted= */ true);
  }

  /** Lets go of all. */
  void release() {
    for (Slot slot : adopted) {
      letGo(slot);
    }
    adopted.clear();
    if (own != null) {
      letGo(own);
      own = null;
    }
  }

  private void letGo(Slot slot) {
    if (deliveredRetention != null) {
      deliveredRetention.letsGo(slot.directory());
    }
    release(slot);
  }

  private void letGoOfTheEmpty() {
    for (Iterator<Slot> slots = adopted.iterator(); slots.hasNext(); ) {
      Slot slot = slots.next();
      boolean needed = deliveredRetention != null && deliveredRetention.needs(slot.directory());
      if (!needed && !segments.holdsAny(slot.directory())) {
        if (deliveredRetention != null) {
          deliveredRetention.letsGo(slot.directory());
        }
        release(slot);
        slots.remove();
      }
    }
  }

  /** Without it a new directory may be gone after a power cut, with all that is in it. */
  private void forceAncestors() throws IOException {
    for (Path at = root.getParent(); at != null; at = at.getParent()) {
      try {
        files.forceDirectory(at);
      } catch (AccessDeniedException notOurs) {
        log.trace("{} cannot be forced", at, notOurs);
        return;
      }
    }
  }

  private static void release(Slot slot) {
    try {
      slot.lock().close();
    } catch (IOException failed) {
      log.trace("{} cannot be released", slot.directory(), failed);
    }
  }
}
