package io.billingsdk.internal.journal;

import io.billingsdk.internal.LoggerNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes API keys out of segments that stay on disk. Events that were reported before the protocol
 * was known bear them, since protocol v1 needs them; once v2 is spoken nobody does. The caller
 * supplies the bytes without the key. Confined to the journal's thread, except {@link #by}.
 */
final class KeyErasing {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** How bodies of protocol v1 begin; those of v2 begin otherwise. */
  private static final List<byte[]> BEGINNINGS =
      List.of(ascii("{\"api_key\""), ascii("{\"app_id\""));

  private volatile UnaryOperator<byte[]> erase = body -> body;
  private volatile BooleanSupplier isDue = () -> false;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Sets what makes a body without its key, and whether nobody needs them. Any thread. */
  void by(UnaryOperator<byte[]> newErase, BooleanSupplier newIsDue) {
    erase = newErase;
    isDue = newIsDue;
  }

  /** Whether a body may have a key in it. */
  static boolean mayBearKey(byte[] body) {
    for (byte[] each : BEGINNINGS) {
      if (body.length >= each.length && Arrays.equals(body, 0, each.length, each, 0, each.length)) {
        return true;
      }
    }
    return false;
  }

  /** Rewrites a segment that nobody reads now, without the keys in it. */
  void from(StoredSegment segment) {
    if (!segment.mayBearKeys() || !isDue.getAsBoolean() || !segment.isInPlace()) {
      return;
    }
    try {
      segment.rewrite(erase);
    } catch (IOException failed) {
      log.warn(
          "the API keys in {} cannot be erased; they stay until the file is deleted: {}",
          segment.name().wal(),
          failed.toString());
    }
  }
}
