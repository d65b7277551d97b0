package io.billingsdk.system;

import io.billingsdk.wire.KeyFeedMessage;
import io.billingsdk.wire.KeyRecord;
import io.billingsdk.wire.KeyRecord.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The key table of a {@link ModelCollector}: the key of the services, which can be blocked, and one
 * that marks the end of what was sent. Thread-safe.
 */
final class ModelKeys {
  /** Is blocked after everything else, so that whoever refuses it has seen all before. */
  static final String MARKER = "canary-marker-of-the-system-tests";

  private final String key;
  private boolean blocked;
  private boolean marked;
  private long version = 2;

  ModelKeys(String key) {
    this.key = key;
  }

  synchronized byte[] snapshot() {
    return new KeyFeedMessage(
            /* snapshot= */ true, version, 0, 1, 1, List.of(main(blocked), marker(marked)), 0)
        .encode();
  }

  synchronized byte[] block() {
    blocked = true;
    version = 3;
    return KeyFeedMessage.change(2, version, List.of(main(true))).encode();
  }

  /** The update that said the key was good, as a broker would repeat or reorder it. */
  byte[] olderUpdate() {
    return KeyFeedMessage.change(1, 2, List.of(main(false))).encode();
  }

  /** The table from before the block. */
  byte[] olderSnapshot() {
    return new KeyFeedMessage(
            /* snapshot= */ true, 2, 0, 1, 1, List.of(main(false), marker(false)), 0)
        .encode();
  }

  synchronized byte[] mark() {
    marked = true;
    version = 4;
    return KeyFeedMessage.change(3, version, List.of(marker(true))).encode();
  }

  private KeyRecord main(boolean isBlocked) {
    return record("k_main", key, isBlocked, isBlocked ? 3 : 2);
  }

  private static KeyRecord marker(boolean isBlocked) {
    return record("k_marker", MARKER, isBlocked, isBlocked ? 4 : 1);
  }

  private static KeyRecord record(String id, String key, boolean blocked, long version) {
    return new KeyRecord(
        id,
        sha256(key),
        "app-1",
        blocked ? Status.BLOCKED : Status.OK,
        blocked ? "by the test" : null,
        version,
        null,
        List.of(),
        null,
        List.of());
  }

  private static String sha256(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
