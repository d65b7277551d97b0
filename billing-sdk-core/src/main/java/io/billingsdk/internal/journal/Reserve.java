package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Space of the disk that nobody else can take: a file of the slot that is deleted when a write
 * fails, so that the disk, if it was full, has room for what was accepted and for what must be
 * noted of deliveries. Made again when there is space for it. Confined to the journal's thread.
 *
 * <p>It does not tell a full disk from other failures: the text of the error is in the user's
 * language, and a quota that is used up does not show in the free space. Another process may be
 * quicker to take what is given up. The file is not forced: one that is not whole after a crash is
 * made again.
 */
final class Reserve {
  static final String FILE = "reserve";

  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);
  private static final int CHUNK_BYTES = 256 << 10;

  private final JournalFiles files;
  private final long bytes;
  private @Nullable Path file;
  private ReserveState state;

  private enum ReserveState {
    /** There is none, and there will be none. */
    NONE,
    /** It is to be made. */
    WANTED,
    IN_PLACE,
    /** It was deleted to make room, and is to be made again. */
    GIVEN_UP
  }

  /** Nothing yet; never anything if {@code bytes} is zero. */
  Reserve(JournalFiles files, long bytes) {
    this.files = files;
    this.bytes = bytes;
    this.state = bytes == 0 ? ReserveState.NONE : ReserveState.WANTED;
  }

  /** From now on it is in this slot, where an earlier process may have left it. */
  void in(Path slot) {
    Path found = slot.resolve(FILE);
    file = found;
    if (state == ReserveState.IN_PLACE) {
      state = ReserveState.WANTED; // It was in a slot that is gone.
    }
    if (state == ReserveState.WANTED && isWhole(found)) {
      state = ReserveState.IN_PLACE;
    }
  }

  private boolean isWhole(Path found) {
    try (JournalFiles.Input input = files.open(found)) {
      return input.bytes() == bytes;
    } catch (IOException absent) {
      return false;
    }
  }

  /** Bytes of space that it needs to be in place. */
  long missingBytes() {
    return state == ReserveState.WANTED || state == ReserveState.GIVEN_UP ? bytes : 0;
  }

  /** Whether it was deleted to make room, and is not back. */
  boolean isGivenUp() {
    return state == ReserveState.GIVEN_UP;
  }

  /**
   * Makes it, if it is missing. If that fails the first time this process goes on without.
   *
   * @throws IOException when it was given up, and cannot be made again yet
   */
  void restore() throws IOException {
    Path making = file;
    if (missingBytes() == 0 || making == null) {
      return;
    }
    try {
      files.delete(making);
      write(making);
      state = ReserveState.IN_PLACE;
    } catch (IOException failed) {
      delete(making);
      if (state == ReserveState.GIVEN_UP) {
        throw failed;
      }
      state = ReserveState.NONE;
      log.warn("{} cannot be created; the journal goes on without a reserve", making, failed);
    }
  }

  private void write(Path making) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, bytes)];
    // Zeros would take no space on a file system that compresses.
    new Random(bytes).nextBytes(chunk);
    try (JournalFiles.Output output = files.create(making)) {
      for (long left = bytes; left > 0; left -= chunk.length) {
        output.write(ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, left)));
      }
    }
  }

  /** Gives it up; false when there is none to give. */
  boolean giveUp() {
    if (state != ReserveState.IN_PLACE || file == null || !delete(file)) {
      return false;
    }
    state = ReserveState.GIVEN_UP;
    log.warn(
        "a write failed: the reserve of {} bytes is given up, so that pending writes can finish",
        bytes);
    return true;
  }

  /** It is not needed after the end of this process, since there is nothing to be noted then. */
  void discard() {
    if (state == ReserveState.IN_PLACE && file != null && delete(file)) {
      state = ReserveState.NONE;
    }
  }

  private boolean delete(Path unneeded) {
    try {
      files.delete(unneeded);
      return true;
    } catch (IOException failed) {
      log.trace("{} cannot be deleted", unneeded, failed);
      return false;
    }
  }
}
