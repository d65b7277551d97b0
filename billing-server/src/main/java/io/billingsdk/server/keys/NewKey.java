package io.billingsdk.server.keys;

import io.billingsdk.wire.KeyRef;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.zip.CRC32;

/**
 * A key that was just made, {@code bk_live_<keyId>_<secret>_<crc>}: a beginning that secret scanners
 * find, 192 random bits, a checksum against typing errors. This is the only time that it is whole.
 *
 * @param keyId names it wherever it must not be shown
 * @param text what the customer presents; the server keeps its SHA-256
 */
public record NewKey(String keyId, String text) {
  private static final String PREFIX = "bk_live_";
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** 62^33 is more than 2^192. */
  private static final int SECRET_CHARS = 33;

  private static final int ID_CHARS = 12;

  /** Makes one. */
  public static NewKey create(SecureRandom random) {
    String id = "k" + text(random, ID_CHARS);
    String body = PREFIX + id + "_" + text(random, SECRET_CHARS);
    return new NewKey(id, body + "_" + crc(body));
  }

  /** Whether a text has the form of a key of ours and its checksum is right. */
  public static boolean isWellFormed(String key) {
    int end = key.lastIndexOf('_');
    return key.startsWith(PREFIX)
        && end > PREFIX.length()
        && crc(key.substring(0, end)).equals(key.substring(end + 1));
  }

  /** Its SHA-256, in hexadecimal. */
  public String sha256() {
    return KeyRef.sha256(text);
  }

  /** Its id alone. */
  @Override
  public String toString() {
    return "NewKey[" + keyId + "]";
  }

  private static String text(SecureRandom random, int chars) {
    StringBuilder text = new StringBuilder(chars);
    for (int i = 0; i < chars; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static String crc(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return String.format(java.util.Locale.ROOT, "%08x", crc.getValue());
  }
}
