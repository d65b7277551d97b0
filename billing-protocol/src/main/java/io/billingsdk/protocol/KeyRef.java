package io.billingsdk.protocol;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How an event names the API key that it is charged to. Never prints a key. */
public sealed interface KeyRef {

  /** The SHA-256 of a key, in hexadecimal, lower case. */
  static String sha256(String apiKey) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(apiKey.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JVM has SHA-256", impossible);
    }
  }

  /**
   * A key that was known, by its id.
   *
   * @param id 1 to 64 of {@code A-Z a-z 0-9 _ -}
   */
  record KeyId(String id) implements KeyRef {
    private static final int MAX_CHARS = 64;

    /** Whether a text could be the id of a key. */
    public static boolean isWellFormed(String id) {
      return !id.isEmpty()
          && id.length() <= MAX_CHARS
          && id.chars()
              .allMatch(
                  c ->
                      (c >= 'a' && c <= 'z')
                          || (c >= 'A' && c <= 'Z')
                          || (c >= '0' && c <= '9')
                          || c == '_'
                          || c == '-');
    }
  }

  /**
   * A key that was not known, by its hash.
   *
   * @param hex 64 hexadecimal digits, lower case
   */
  record KeySha256(String hex) implements KeyRef {
    private static final int CHARS = 64;

    /** Whether a text could be the hash of a key. */
    public static boolean isWellFormed(String hex) {
      return hex.length() == CHARS
          && hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
  }

  /** The key itself: protocol v1, and what was journaled before the protocol was known. */
  record RawKey(String apiKey) implements KeyRef {

    /** The same key by its hash. */
    public KeySha256 hashed() {
      return new KeySha256(sha256(apiKey));
    }

    @Override
    public String toString() {
      return "RawKey[***]";
    }
  }
}
