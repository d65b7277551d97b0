package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a slot sets aside and never deletes: bytes that did not validate, in {@code quarantine}, and
 * events that were refused for good, in {@code dead}. Each is a file of its own, forced before it
 * counts as set aside. Confined to the journal's thread.
 *
 * <p>A file that exists already is never taken for safe, however whole it reads: if a force of it
 * has failed, to this process or an earlier one, its bytes are in memory only, and no later force
 * writes them. Another of the same name with a number is made, and then the one before it deleted.
 * One whose content is incomplete or not the right one stays as it is.
 */
final class Quarantine {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);
  private static final int MAX_COPIES = 100;

  private final JournalFiles files;

  /** Directories in which this process has set something aside. */
  private final Map<Path, Kept> kept = new HashMap<>();

  /** Which directory it is, and how many files this process has put there. */
  private record Kept(Object directory, long files) {}

  Quarantine(JournalFiles files) {
    this.files = files;
  }

  /** Logs once that the files set aside have gone; they cannot be brought back. */
  void look() {
    for (Map.Entry<Path, Kept> each : List.copyOf(kept.entrySet())) {
      if (!isInPlace(each.getKey(), each.getValue().directory())) {
        kept.remove(each.getKey());
        log.error(
            "{} was removed, moved or replaced, with {} files that this process had set aside; put"
                + " it back if you need them. The billing system keeps the events that it refused:"
                + " billing rejected list",
            each.getKey(),
            each.getValue().files());
      }
    }
  }

  private boolean isInPlace(Path directory, Object identity) {
    try {
      return files.identity(directory).equals(identity);
    } catch (IOException gone) {
      return false;
    }
  }

  private void remember(Path directory) throws IOException {
    Object identity = files.identity(directory);
    kept.merge(
        directory,
        new Kept(identity, 1),
        (before, one) ->
            new Kept(identity, before.directory().equals(identity) ? before.files() + 1 : 1));
  }

  /** Keeps the bytes of a segment that are no record. */
  void quarantine(Path slot, SegmentName segment, SegmentReader.Damage damage) throws IOException {
    String stem =
        String.format(
            Locale.ROOT, "seg-%020d-%s-at-%d", segment.number(), segment.stream(), damage.offset());
    write(slot.resolve("quarantine"), stem, ".bin", damage.bytes(), damage.bytes());
  }

  /** Keeps an event with the reason for which it was refused: a line with it, then the event. */
  void deadLetter(Path slot, JournalRecord event, String reason) throws IOException {
    String stem = String.format(Locale.ROOT, "%s-%020d", event.stream(), event.seq());
    byte[] line = (reason.replaceAll("\\R", " ") + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] content = Arrays.copyOf(line, line.length + event.body().length);
    System.arraycopy(event.body(), 0, content, line.length, event.body().length);
    byte[] lineEndAndBody = Arrays.copyOfRange(content, line.length - 1, content.length);
    write(slot.resolve(DeadLetters.DIRECTORY), stem, ".event", content, lineEndAndBody);
  }

  /**
   * Writes a file, and takes it for any that holds what matters.
   *
   * @param end that which matters: the end of the content
   */
  private void write(Path directory, String stem, String suffix, byte[] content, byte[] end)
      throws IOException {
    files.createDirectories(directory);
    List<Path> earlier = new ArrayList<>();
    for (int copy = 1; copy <= MAX_COPIES; copy++) {
      Path file = directory.resolve(stem + (copy == 1 ? "" : "-" + copy) + suffix);
      try {
        create(file, content);
      } catch (FileAlreadyExistsException there) {
        earlier.add(file);
        continue;
      }
      files.forceDirectory(directory);
      files.forceDirectory(slotOf(directory));
      remember(directory);
      // Only now: one of them may be the only one that is safe.
      deleteWhole(earlier, end);
      return;
    }
    throw new IOException(stem + " exists " + MAX_COPIES + " times already");
  }

  private void deleteWhole(List<Path> earlier, byte[] end) {
    for (Path file : earlier) {
      try {
        if (isWhole(file, end)) {
          files.delete(file);
        }
      } catch (IOException failed) {
        log.trace("{} is a second copy and cannot be deleted", file, failed);
      }
    }
  }

  private void create(Path file, byte[] content) throws IOException {
    JournalFiles.Output created = files.create(file);
    try (JournalFiles.Output output = created) {
      output.write(ByteBuffer.wrap(content));
      output.force();
    } catch (IOException failed) {
      try {
        files.delete(file);
      } catch (IOException alsoFailed) {
        failed.addSuppressed(alsoFailed);
      }
      throw failed;
    }
  }

  private boolean isWhole(Path file, byte[] end) {
    try (JournalFiles.Input input = files.open(file)) {
      long from = input.bytes() - end.length;
      ByteBuffer found = ByteBuffer.allocate(end.length);
      if (from >= 0) {
        input.read(found, from);
      }
      return from >= 0 && found.flip().equals(ByteBuffer.wrap(end));
    } catch (IOException unreadable) {
      return false;
    }
  }

  private static Path slotOf(Path directory) {
    return java.util.Objects.requireNonNull(directory.getParent());
  }
}
