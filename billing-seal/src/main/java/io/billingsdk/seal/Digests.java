package io.billingsdk.seal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * SHA-256 over a canonical encoding. Each text has its length before it, so that no two different
 * rows have the same bytes; each kind of content begins with a byte of its own.
 */
final class Digests {
  private static final byte ROW = 1;

  private Digests() {}

  /** The entry of a row: its identity, and the digest of what else it says. */
  static SealEntry entry(LedgerRow row) {
    return new SealEntry(row.id(), content(row));
  }

  /** The digest of what a row says, without its identity. */
  static String content(LedgerRow row) {
    MessageDigest digest = begin(ROW);
    number(digest, row.fields().size());
    for (Map.Entry<String, String> field : row.fields().entrySet()) {
      text(digest, field.getKey());
      text(digest, field.getValue());
    }
    return end(digest);
  }

  static MessageDigest begin(byte kind) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(kind);
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }

  static void text(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(digest, bytes.length);
    digest.update(bytes);
  }

  static void number(MessageDigest digest, long number) {
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      digest.update((byte) (number >>> shift));
    }
  }

  static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
