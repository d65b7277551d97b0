package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all slots of a journal's directory have set aside because it was refused for good. May be
 * used beside a living process, which only adds to it.
 */
public final class DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  static final String DIRECTORY = "dead";

  private static final Pattern NAME =
      Pattern.compile(
          "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\\d{20})(?:-\\d{1,3})?[.]event");

  /** The reason and an event: far more than either may have. */
  private static final long MOST_BYTES = 2L * SegmentFormat.MAX_BODY_BYTES;

  private final JournalFiles files = JournalFiles.real();
  private final Path root;

  /** Those of one journal. */
  public DeadLetters(Path root) {
    this.root = root;
  }

  /** One that was set aside: its identity, and where it is. */
  public record Letter(UUID stream, long seq, Path file) {}

  /**
   * What it says.
   *
   * @param reason why it was refused
   * @param body the event; not a copy
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Content(String reason, byte[] body) {}

  /** All of them, slot by slot; empty when there is no journal. */
  public List<Letter> list() throws IOException {
    List<Letter> letters = new ArrayList<>();
    for (Path slot : Slot.directories(files, root)) {
      Path directory = slot.resolve(DIRECTORY);
      for (String name : trusted(slot, directory)) {
        Matcher parts = NAME.matcher(name);
        if (parts.matches()) {
          letters.add(
              new Letter(
                  UUID.fromString(parts.group(1)),
                  Long.parseLong(parts.group(2)),
                  directory.resolve(name)));
        }
      }
    }
    return letters;
  }

  /** A link would lead anywhere, and what is there would be deleted in the end. */
  private List<String> trusted(Path slot, Path directory) throws IOException {
    List<String> names = files.list(directory);
    try {
      SlotDirectory.check(slot);
      if (!names.isEmpty()) {
        SlotDirectory.check(directory);
      }
      return names;
    } catch (IOException unusable) {
      log.warn("{} is not used: {}", directory, unusable.getMessage());
      return List.of();
    }
  }

  /** Reads one. */
  public Content read(Letter letter) throws IOException {
    try (JournalFiles.Input input = files.open(letter.file())) {
      long size = input.bytes();
      if (size > MOST_BYTES) {
        throw new IOException(letter.file() + " is too large for an event: " + size + " bytes");
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      input.read(content, 0);
      byte[] bytes = content.array();
      int end = 0;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      if (end >= bytes.length - 1) {
        throw new IOException(letter.file() + " is cut off");
      }
      byte[] body = new byte[bytes.length - end - 1];
      System.arraycopy(bytes, end + 1, body, 0, body.length);
      return new Content(new String(bytes, 0, end, StandardCharsets.UTF_8), body);
    }
  }

  /** Removes one that was delivered. */
  void delete(Letter letter) throws IOException {
    files.delete(letter.file());
  }
}
