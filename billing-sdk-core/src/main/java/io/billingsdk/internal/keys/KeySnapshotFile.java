package io.billingsdk.internal.keys;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.files.PrivateFile;
import io.billingsdk.protocol.KeyFeedMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key table on disk, for a start while the broker is away: the keys by their hashes, and when
 * they were the billing system's last. One line of text with the format, that time and the SHA-256
 * of both; then the table as protocol v2 sends it.
 */
final class KeySnapshotFile {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.KEYS);
  private static final String NAME = "keys";
  private static final int MAX_BYTES = 256 << 20;
  private static final Pattern HEAD =
      Pattern.compile("billing-keys 1 ([0-9]{1,15}) ([0-9a-f]{64})");

  private final PrivateFile file;

  /** Whether it was there. */
  private volatile boolean written;

  /** Logged once in a row. */
  private boolean failing;

  /** Does nothing yet. */
  KeySnapshotFile(Path directory) {
    this.file = new PrivateFile(directory.resolve(NAME));
  }

  /** Whether somebody has removed what was written. */
  boolean isRemoved() {
    boolean removed = written && !file.exists();
    if (removed && !failing) {
      log.warn("{} was removed; the SDK writes it again", file.path());
    }
    return removed;
  }

  void write(KeyTable.Snapshot snapshot) {
    byte[] body =
        new KeyFeedMessage(/* snapshot= */ true, snapshot.version(), 0, 1, 1, snapshot.keys(), 0)
            .encode();
    String time = Long.toString(snapshot.currentAtMillis());
    String head = "billing-keys 1 " + time + " " + sha256(time, body) + "\n";
    byte[] prefix = head.getBytes(StandardCharsets.US_ASCII);
    byte[] content = Arrays.copyOf(prefix, prefix.length + body.length);
    System.arraycopy(body, 0, content, prefix.length, body.length);
    try {
      file.replace(content);
      written = true;
      failing = false;
    } catch (IOException failed) {
      if (!failing) {
        log.warn("the key table cannot be kept in {}: {}", file.path(), failed.toString());
      }
      failing = true;
    }
  }

  /** The table; null when there is none, or none that can be trusted. */
  KeyTable.@Nullable Snapshot read() {
    try {
      byte[] content = file.read(MAX_BYTES);
      written = content != null;
      return content == null ? null : parse(content);
    } catch (IOException damaged) {
      log.warn("the key table in {} is ignored: {}", file.path(), damaged.getMessage());
      return null;
    }
  }

  private static KeyTable.Snapshot parse(byte[] content) throws IOException {
    int end = 0;
    while (end < content.length && content[end] != '\n') {
      end++;
    }
    Matcher head = HEAD.matcher(new String(content, 0, end, StandardCharsets.US_ASCII));
    if (end == content.length || !head.matches()) {
      throw new IOException("it is not a key table of this version");
    }
    byte[] body = Arrays.copyOfRange(content, end + 1, content.length);
    if (!sha256(head.group(1), body).equals(head.group(2))) {
      throw new IOException("it is damaged");
    }
    KeyFeedMessage table = KeyFeedMessage.decode(body);
    return new KeyTable.Snapshot(table.version(), Long.parseLong(head.group(1)), table.keys());
  }

  private static String sha256(String time, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(time.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(digest.digest(body));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
