package io.billingsdk.internal.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names for keys that are safe to print, for a protocol that gives keys no name of their own. */
final class KeyIds {
  private static final int PRINTED_BYTES = 8;

  private KeyIds() {}

  /** {@code k_} and the first 64 bits of the key's SHA-256, in hexadecimal. */
  static String of(String apiKey) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(apiKey.getBytes(StandardCharsets.UTF_8));
      return "k_" + HexFormat.of().formatHex(digest, 0, PRINTED_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }
}
