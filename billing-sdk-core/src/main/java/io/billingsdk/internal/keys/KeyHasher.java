package io.billingsdk.internal.keys;

import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits of output, under a key that this process makes at random: a caller
 * cannot find two texts with one hash, and the hash tells nothing of the text.
 *
 * <p>Aumasson and Bernstein, "SipHash: a fast short-input PRF", and the reference implementation
 * for the longer output. It is here because SHA-256, by which the billing system names keys, costs
 * ten times as much, and one is due on every check.
 *
 * <p>Thread-safe.
 */
final class KeyHasher {
  private final long k0;
  private final long k1;

  KeyHasher(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  static KeyHasher random() {
    SecureRandom random = new SecureRandom();
    return new KeyHasher(random.nextLong(), random.nextLong());
  }

  /** Hashes a text of characters up to 255, one byte each. */
  KeyHash hash(String text) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int length = text.length();
    // One block more than the text fills: the last holds what is left of it, and its length.
    for (int block = 0; block <= length >> 3; block++) {
      long m = block < length >> 3 ? word(text, block << 3) : last(text, block << 3);
      v3 ^= m;
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= m;
    }
    return finish(v0, v1, v2 ^ 0xee, v3);
  }

  private static KeyHash finish(long s0, long s1, long s2, long s3) {
    long v0 = s0;
    long v1 = s1;
    long v2 = s2;
    long v3 = s3;
    long high = 0;
    for (int round = 0; round < 8; round++) {
      if (round == 4) {
        high = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
      }
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
    return new KeyHash(high, v0 ^ v1 ^ v2 ^ v3);
  }

  private static long word(String text, int at) {
    return (text.charAt(at) & 0xffL)
        | ((text.charAt(at + 1) & 0xffL) << 8)
        | ((text.charAt(at + 2) & 0xffL) << 16)
        | ((text.charAt(at + 3) & 0xffL) << 24)
        | ((text.charAt(at + 4) & 0xffL) << 32)
        | ((text.charAt(at + 5) & 0xffL) << 40)
        | ((text.charAt(at + 6) & 0xffL) << 48)
        | ((text.charAt(at + 7) & 0xffL) << 56);
  }

  private static long last(String text, int at) {
    long word = (long) text.length() << 56;
    for (int i = at; i < text.length(); i++) {
      word |= (text.charAt(i) & 0xffL) << (8 * (i - at));
    }
    return word;
  }
}
