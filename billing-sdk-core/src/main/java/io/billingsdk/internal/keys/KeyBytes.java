package io.billingsdk.internal.keys;

import io.billingsdk.protocol.Bounds;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A presented key as bytes, compared eight at a time: a check is due on every call, and character
 * by character it costs as much as all the rest of it.
 */
final class KeyBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  /** Added to a byte below 0x80, it sets the high bit from 0x21 on. */
  private static final long FROM_21 = 0x5f5f_5f5f_5f5f_5f5fL;

  /** Added to a byte below 0x80, it sets the high bit of 0x7f alone. */
  private static final long FROM_7F = 0x0101_0101_0101_0101L;

  private KeyBytes() {}

  /** Whether they are those of a {@linkplain Bounds#isWellFormedKey well-formed} key. */
  static boolean areWellFormed(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > Bounds.API_KEY_CHARS) {
      return false;
    }
    int at = 0;
    for (; at + Long.BYTES <= bytes.length; at += Long.BYTES) {
      long word = word(bytes, at);
      if ((word & HIGH_BITS) != 0
          || ((word + FROM_21) & HIGH_BITS) != HIGH_BITS
          || ((word + FROM_7F) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; at < bytes.length; at++) {
      if (bytes[at] <= ' ' || bytes[at] > '~') {
        return false;
      }
    }
    return true;
  }

  /** Eight bytes from here on, the first the lowest. */
  static long word(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }
}
