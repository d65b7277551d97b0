package io.billingsdk.costs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The prices file in the jar. */
final class ShippedPrices {
  private static final String FILE = "shipped-prices.json";

  private ShippedPrices() {}

  static String text() {
    try (InputStream in =
        Objects.requireNonNull(ShippedPrices.class.getResourceAsStream(FILE), FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
