package io.billingsdk.system;

import java.math.BigDecimal;

/** The usage that an event of these tests reports: it follows from its id, and adds up exactly. */
final class Usage {
  private Usage() {}

  static BigDecimal of(long id) {
    // A quarter is exact in binary: what does not add up was not rounded but lost.
    return BigDecimal.valueOf(id % 997 + 1).add(new BigDecimal("0.25"));
  }
}
