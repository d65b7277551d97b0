package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import java.math.BigDecimal;

/** Decimals as these answers have them. */
final class Decimals {
  private Decimals() {}

  /** Without zeros at its end, and without an exponent for large ones. */
  static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** The same as a JSON number. */
  static JsonNode json(BigDecimal number) {
    return Json.number(plain(number));
  }
}
