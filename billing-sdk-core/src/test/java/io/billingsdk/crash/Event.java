package io.billingsdk.crash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * What the children append: bytes that can be made again from a seed and a number, so that whoever
 * reads them can tell whether they were ever appended and whether they are exact.
 */
record Event(long seed, long index) {
  private static final int MIN_BYTES = 16;

  /** Mostly some hundred bytes, one in 64 some thousands, so that writes have all sizes. */
  byte[] body() {
    SplittableRandom random = new SplittableRandom(seed * 31 + index);
    int more = random.nextInt(64) == 0 ? random.nextInt(9_000) : random.nextInt(300);
    return filled(random, MIN_BYTES + more);
  }

  /** Of exactly this length. */
  byte[] body(int bytes) {
    return filled(new SplittableRandom(seed * 31 + index), bytes);
  }

  private byte[] filled(SplittableRandom random, int bytes) {
    ByteBuffer body = ByteBuffer.allocate(bytes);
    body.putLong(seed).putLong(index);
    byte[] rest = new byte[body.remaining()];
    random.nextBytes(rest);
    return body.put(rest).array();
  }

  /** The event that these bytes say they are; whether they are is another question. */
  static Event of(byte[] body) {
    if (body.length < MIN_BYTES) {
      return new Event(-1, -1);
    }
    ByteBuffer bytes = ByteBuffer.wrap(body);
    return new Event(bytes.getLong(), bytes.getLong());
  }

  /** Whether these are the bytes that were appended. */
  boolean isExactly(byte[] body) {
    return Arrays.equals(body, body()) || Arrays.equals(body, body(body.length));
  }

  /** As {@link #isExactly}, of events that all have one length. */
  boolean isOfLength(byte[] body, int bytes) {
    return Arrays.equals(body, body(bytes));
  }

  static String hash(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
