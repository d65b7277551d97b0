package io.billingsdk.server.db;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * A secret that people carry about, {@code <prefix><id>_<secret>_<crc>}: a beginning that secret
 * scanners find, an id to name it by, 192 random bits, and a checksum that refuses a typing error
 * without a look-up.
 *
 * @param id names it wherever it must not be shown
 * @param text all of it
 */
public record TokenFormat(String id, String text) {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** 62^33 is more than 2^192. */
  private static final int SECRET_CHARS = 33;

  private static final int ID_CHARS = 12;

  /** Makes one; its id begins with {@code kind}. */
  public static TokenFormat create(String prefix, String kind, SecureRandom random) {
    String id = kind + text(random, ID_CHARS);
    String body = prefix + id + "_" + text(random, SECRET_CHARS);
    return new TokenFormat(id, body + "_" + crc(body));
  }

  /** Whether a text begins with the prefix and its checksum is right. */
  public static boolean isWellFormed(String prefix, String text) {
    int end = text.lastIndexOf('_');
    return text.startsWith(prefix)
        && end > prefix.length()
        && crc(text.substring(0, end)).equals(text.substring(end + 1));
  }

  /** Its id alone. */
  @Override
  public String toString() {
    return "CheckedSecret[" + id + "]";
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
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
