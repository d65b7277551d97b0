package io.billingsdk.server.http;

import io.billingsdk.protocol.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Percent-encoded text, decoded strictly. Lenient decoders put the same character in place of all
 * that they cannot read, so that two texts become one.
 */
final class PercentText {
  private PercentText() {}

  /**
   * The text; empty when a percent sign is not followed by two hexadecimal digits, the bytes are
   * not UTF-8, or something is in it that is no printable ASCII and not encoded.
   */
  static Optional<String> decoded(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c < ' ' || c > '~') {
        return Optional.empty();
      }
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 < encoded.length() ? digit(encoded.charAt(i + 1)) : -1;
      int low = high < 0 ? -1 : digit(encoded.charAt(i + 2));
      if (low < 0) {
        return Optional.empty();
      }
      bytes.write(16 * high + low);
      i += 2;
    }
    byte[] utf8 = bytes.toByteArray();
    return Utf8.isWellFormed(utf8)
        ? Optional.of(new String(utf8, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  /** Not those of other scripts, which {@link Character#digit} takes too. */
  private static int digit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }
}
