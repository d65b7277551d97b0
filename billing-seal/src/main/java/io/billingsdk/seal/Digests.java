package io.billingsdk.seal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * SHA-256 over a canonical encoding. Each text has its length before it, so that no two different
 * rows have the same bytes; each kind of content begins with a byte of its own.
 */
final class Digests {
  private static final byte ROW = 1;
  private static final byte DAY = 2;

  private Digests() {}

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

  /** The digest of a day: the digest before it, and its entries in order. */
  static String day(LocalDate day, String before, List<SealEntry> entries) {
    MessageDigest digest = begin(DAY);
    text(digest, before);
    text(digest, day.toString());
    number(digest, entries.size());
    for (SealEntry entry : entries) {
      text(digest, entry.id());
      text(digest, entry.content());
    }
    return end(digest);
  }

  private static MessageDigest begin(byte kind) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(kind);
      return digest;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }

  private static void text(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(digest, bytes.length);
    digest.update(bytes);
  }

  private static void number(MessageDigest digest, int number) {
    digest.update((byte) (number >>> 24));
    digest.update((byte) (number >>> 16));
    digest.update((byte) (number >>> 8));
    digest.update((byte) number);
  }

  private static String end(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }
}
