package io.billingsdk.internal.client;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.files.PrivateFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, beside the journal, that protocol v2 was seen. Without it, a start while the billing
 * system is away could take any peer that answers a request of v1 for it, and name keys in the
 * clear.
 */
final class ProtocolFile {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CLIENT);
  private static final String NAME = "protocol";
  private static final int MAX_BYTES = 64;

  private final PrivateFile file;

  /** Logged once in a row; of the thread that writes files. */
  private boolean failing;

  /** Does nothing yet. */
  ProtocolFile(Path directory) {
    this.file = new PrivateFile(directory.resolve(NAME));
  }

  /** Whether v2 was seen. Waits for the disk. */
  boolean remembersV2() {
    try {
      byte[] content = file.read(MAX_BYTES);
      // Damaged or not: it was written for one reason only.
      return content != null;
    } catch (IOException unreadable) {
      log.warn(
          "{} cannot be read; the SDK assumes protocol v2: {}", file.path(), unreadable.toString());
      return true;
    }
  }

  /** Waits for the disk. */
  void rememberV2() {
    try {
      file.replace("2\n".getBytes(StandardCharsets.US_ASCII));
      failing = false;
    } catch (IOException failed) {
      if (!failing) {
        log.warn(
            "cannot note in {} that the billing system speaks protocol v2: {}",
            file.path(),
            failed.toString());
      }
      failing = true;
    }
  }

  /** As {@link #rememberV2}, if somebody has removed the file. Waits for the disk. */
  void rememberV2Again() {
    if (!file.exists()) {
      if (!failing) {
        log.warn("{} was removed; the SDK writes it again", file.path());
      }
      rememberV2();
    }
  }
}
