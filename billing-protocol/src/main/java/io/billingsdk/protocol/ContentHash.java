package io.billingsdk.protocol;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What an event says, in 128 bits: the first half of the SHA-256 of its fields. Two events of one
 * identity that say the same have the same; the bytes that carried them, the protocol, and whether
 * the key was named by itself or by its hash make no difference.
 *
 * @param high its first 64 bits
 * @param low the others
 */
public record ContentHash(long high, long low) {
  private static final int BYTES = 2 * Long.BYTES;

  /**
   * A hash that was kept as {@link #bytes}.
   *
   * @throws IllegalArgumentException when these are not 16 bytes
   */
  public static ContentHash ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a content hash has 16 bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new ContentHash(buffer.getLong(), buffer.getLong());
  }

  /** The hash as 16 bytes. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
  }

  /** The hash as 32 hexadecimal digits, lower case. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}
