package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of the journal that one process has to itself, by a lock that dies with the process.
 */
record Slot(Path directory, Closeable lock) {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** More processes than that on one directory are a mistake. */
  private static final int MAX_SLOTS = 64;

  static final String LOCK = "LOCK";

  /**
   * Takes the first slot that nobody has, and that can be used: something else may have its name.
   *
   * @throws IOException when all are taken, or the directory cannot be used
   */
  static Slot take(JournalFiles files, Path root) throws IOException {
    IOException failed = null;
    for (int number = 0; number < MAX_SLOTS; number++) {
      Path directory = directory(root, number);
      try {
        files.createDirectories(directory);
        Slot slot = tryTake(files, directory);
        if (slot != null) {
          return forced(slot, files, root);
        }
      } catch (IOException unusable) {
        log.warn("{} is not used: {}", directory, unusable.toString());
        failed = unusable;
      }
    }
    if (failed != null) {
      throw failed;
    }
    throw new IOException("all " + MAX_SLOTS + " slots are taken by other processes");
  }

  private static Slot forced(Slot slot, JournalFiles files, Path root) throws IOException {
    try {
      files.forceDirectory(root);
      return slot;
    } catch (IOException failed) {
      slot.lock.close();
      throw failed;
    }
  }

  /** Takes every slot that holds data and that nobody has: its process is dead. */
  static List<Slot> adopt(JournalFiles files, Path root) throws IOException {
    List<Slot> adopted = new ArrayList<>();
    for (Path directory : directories(files, root)) {
      Slot slot = tryAdopt(files, directory);
      if (slot != null) {
        adopted.add(slot);
      }
    }
    return adopted;
  }

  /** Those of all slots, by name. */
  static List<Path> directories(JournalFiles files, Path root) throws IOException {
    return files.list(root).stream()
        .filter(name -> name.matches("slot-\\d{2}"))
        .map(root::resolve)
        .toList();
  }

  /** What cannot be used is no slot, or will be tried again. */
  private static @Nullable Slot tryAdopt(JournalFiles files, Path directory) {
    try {
      return segments(files, directory).isEmpty() ? null : tryTake(files, directory);
    } catch (IOException unusable) {
      return null;
    }
  }

  /** The segments of a slot, oldest first. */
  static List<SegmentName> segments(JournalFiles files, Path directory) throws IOException {
    return files.list(directory).stream()
        .flatMap(name -> SegmentName.parse(name).stream())
        .sorted()
        .toList();
  }

  /** Takes a slot; null when another process has it. */
  static @Nullable Slot tryTake(JournalFiles files, Path directory) throws IOException {
    Closeable lock = files.tryLock(directory.resolve(LOCK));
    return lock == null ? null : new Slot(directory, lock);
  }

  private static Path directory(Path root, int number) {
    return root.resolve(String.format(Locale.ROOT, "slot-%02d", number));
  }
}
