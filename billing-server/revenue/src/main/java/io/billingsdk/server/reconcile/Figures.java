package io.billingsdk.server.reconcile;

import java.math.BigDecimal;

/** Decimals as people read them. */
final class Figures {
  private Figures() {}

  /** Without zeros that say nothing, and without an exponent. */
  static BigDecimal shortest(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  static String plain(BigDecimal number) {
    return shortest(number).toPlainString();
  }
}
