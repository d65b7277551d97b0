package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a slot sets aside and never deletes: bytes that did not validate, in {@code quarantine}, and
 * events that were refused for good, in {@code dead}. Each is a file of its own, forced before it
 * counts as set aside. Confined to the journal's thread.
 */
final class Aside {
  private final JournalFiles files;

  Aside(JournalFiles files) {
    this.files = files;
  }

  /** Keeps the bytes of a segment that are no record. Done already, it does nothing. */
  void quarantine(Path slot, SegmentName segment, SegmentReader.Damage damage) throws IOException {
    String name =
        String.format(
            Locale.ROOT,
            "seg-%020d-%s-at-%d.bin",
            segment.number(),
            segment.stream(),
            damage.offset());
    write(slot, "quarantine", name, ByteBuffer.wrap(damage.bytes()));
  }

  /** Keeps an event with the reason for which it was refused: a line with it, then the event. */
  void deadLetter(Path slot, JournalRecord event, String reason) throws IOException {
    String name = String.format(Locale.ROOT, "%s-%020d.event", event.stream(), event.seq());
    byte[] line = (reason.replaceAll("\\R", " ") + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer content = ByteBuffer.allocate(line.length + event.body().length);
    write(slot, "dead", name, content.put(line).put(event.body()).flip());
  }

  private void write(Path slot, String kind, String name, ByteBuffer content) throws IOException {
    Path directory = slot.resolve(kind);
    files.createDirectories(directory);
    JournalFiles.Output created;
    try {
      created = files.create(directory.resolve(name));
    } catch (FileAlreadyExistsException earlier) {
      // Set aside before a crash; the segment was not deleted yet.
      return;
    }
    try (JournalFiles.Output output = created) {
      output.write(content);
      output.force();
    } catch (IOException failed) {
      files.delete(directory.resolve(name));
      throw failed;
    }
    files.forceDirectory(directory);
    files.forceDirectory(slot);
  }
}
