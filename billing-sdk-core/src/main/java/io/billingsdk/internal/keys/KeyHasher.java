package io.billingsdk.internal.keys;

import java.security.SecureRandom;

/**
 * SipHash-1-3 with 128 bits of output, under a key that this process makes at random: a caller
 * cannot find two texts with one hash, and the hash tells nothing of the text.
 *
 * <p>Aumasson and Bernstein, "SipHash: a fast short-input PRF", and the reference implementation
 * for the longer output. It is here because SHA-256, by which the billing system names keys, costs
 * ten times as much, and one is due on every check. One round for each block and three at the end,
 * as the hash tables of Rust and Python have it, and not the two and four of the paper: a hash
 * never leaves this process, so who attacks it sees no output at all, but only whether a text was
 * let in.
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

  /** Hashes these bytes. */
  KeyHash hash(byte[] text) {
    HashState state = new HashState(k0, k1);
    int whole = text.length & -Long.BYTES;
    for (int at = 0; at < whole; at += Long.BYTES) {
      state.compress(KeyBytes.word(text, at));
    }
    state.compress(last(text, whole));
    return state.finish();
  }

  /** The rest of the text from here on, fewer than eight bytes, and its length. */
  private static long last(byte[] text, int at) {
    long word = (long) text.length << 56;
    int left = text.length - at;
    if (left == 0) {
      return word;
    }
    if (at > 0) {
      // The eight bytes that end with it, without those that come before it.
      return word | KeyBytes.word(text, text.length - 8) >>> (64 - 8 * left);
    }
    for (int i = 0; i < left; i++) {
      word |= (text[i] & 0xffL) << (8 * i);
    }
    return word;
  }

  /** Lives for one hash, and on no heap once the compiler has seen through it. */
  private static final class HashState {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    HashState(long k0, long k1) {
      v0 = k0 ^ 0x736f6d6570736575L;
      v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
      v2 = k0 ^ 0x6c7967656e657261L;
      v3 = k1 ^ 0x7465646279746573L;
    }

    void compress(long block) {
      v3 ^= block;
      round();
      v0 ^= block;
    }

    KeyHash finish() {
      v2 ^= 0xee;
      round();
      round();
      round();
      long high = v0 ^ v1 ^ v2 ^ v3;
      v1 ^= 0xdd;
      round();
      round();
      round();
      return new KeyHash(high, v0 ^ v1 ^ v2 ^ v3);
    }

    private void round() {
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
  }
}
