package io.billingsdk.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an event says, in 128 bits: the first half of the SHA-256 of its fields. Two events of one
 * identity that say the same have the same; the bytes that carried them, the protocol, and whether
 * the key was named by itself or by its hash make no difference.
 *
 * @param hex 32 hexadecimal digits, lower case
 */
public record ContentHash(String hex) {
  private static final int BYTES = 16;

  /** The hash as bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  static ContentHash of(@Nullable String... fields) {
    MessageDigest digest = sha256();
    for (String field : fields) {
      // With its length in front: "ab" and "c" are not "a" and "bc".
      byte[] text = field == null ? new byte[0] : field.getBytes(StandardCharsets.UTF_8);
      int length = field == null ? -1 : text.length;
      for (int shift = 24; shift >= 0; shift -= 8) {
        digest.update((byte) (length >> shift));
      }
      digest.update(text);
    }
    return new ContentHash(HexFormat.of().formatHex(digest.digest(), 0, BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
