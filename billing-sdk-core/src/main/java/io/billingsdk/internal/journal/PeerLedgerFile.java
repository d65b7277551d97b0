package io.billingsdk.internal.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, in a slot, to which ledger everything was delivered that is noted there as delivered.
 * Replaced as a whole: after a crash there is the old content or the new one.
 */
final class PeerLedgerFile {
  static final String FILE = "ledger";

  /** No ledger in particular: part of it went to another one, or the file is damaged. */
  static final UUID MIXED = new UUID(0, 0);

  private static final String FRESH = "ledger.tmp";
  private static final int BYTES = 37;

  private final JournalFiles files;

  PeerLedgerFile(JournalFiles files) {
    this.files = files;
  }

  /** The remembered ledger; null when there is none. */
  @Nullable UUID read(Path slot) {
    try (JournalFiles.Input input = files.open(slot.resolve(FILE))) {
      if (input.bytes() != BYTES) {
        return MIXED;
      }
      byte[] content = new byte[BYTES];
      input.read(ByteBuffer.wrap(content), 0);
      UUID ledger = UUID.fromString(new String(content, StandardCharsets.US_ASCII).strip());
      return encoded(ledger).equals(ByteBuffer.wrap(content)) ? ledger : MIXED;
    } catch (NoSuchFileException absent) {
      return null;
    } catch (IOException | IllegalArgumentException unreadable) {
      return MIXED; // Costs repetitions, which the ledger recognises.
    }
  }

  /** Remembers another; on disk when this returns. */
  void store(Path slot, UUID ledger) throws IOException {
    Path fresh = slot.resolve(FRESH);
    files.delete(fresh);
    try (JournalFiles.Output output = files.create(fresh)) {
      output.write(encoded(ledger));
      // Unforced, a power cut could leave the name with no content.
      output.force();
    }
    files.move(fresh, slot.resolve(FILE));
    files.forceDirectory(slot);
  }

  private static ByteBuffer encoded(UUID ledger) {
    return ByteBuffer.wrap((ledger + "\n").getBytes(StandardCharsets.US_ASCII));
  }
}
