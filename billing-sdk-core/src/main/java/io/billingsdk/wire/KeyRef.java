package io.billingsdk.wire;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

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
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Whether a text could be the id of a key. */
    public static boolean isWellFormed(String id) {
      return WELL_FORMED.matcher(id).matches();
    }
  }

  /**
   * A key that was not known, by its hash.
   *
   * @param hex 64 hexadecimal digits, lower case
   */
  record KeySha256(String hex) implements KeyRef {
    private static final Pattern WELL_FORMED = Pattern.compile("[0-9a-f]{64}");

    /** Whether a text could be the hash of a key. */
    public static boolean isWellFormed(String hex) {
      return WELL_FORMED.matcher(hex).matches();
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
