package io.billingsdk.server.performance;

import java.io.ByteArrayOutputStream;

/** Writes numbers of seven bits a byte, the lowest first. */
final class SevenBits {
  private SevenBits() {}

  /** A number that is not negative. */
  static void write(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
