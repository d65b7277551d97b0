package io.billingsdk.server.keys;

import io.billingsdk.protocol.KeyRef;
import io.billingsdk.server.db.Secrets.TokenFormat;
import java.security.SecureRandom;

/**
 * A key that was just made, {@code bk_live_<keyId>_<secret>_<crc>}: a beginning that secret
 * scanners find, 192 random bits, a checksum against typing errors. This is the only time that it
 * is whole.
 *
 * @param keyId names it wherever it must not be shown
 * @param text what the customer presents; the server keeps its SHA-256
 */
public record NewKey(String keyId, String text) {
  private static final String PREFIX = "bk_live_";

  /** Makes one. */
  public static NewKey create(SecureRandom random) {
    TokenFormat made = TokenFormat.create(PREFIX, "k", random);
    return new NewKey(made.id(), made.text());
  }

  /** Whether a text has the form of a key of ours and its checksum is right. */
  public static boolean isWellFormed(String key) {
    return TokenFormat.isWellFormed(PREFIX, key);
  }

  /** Whether a text is a key of ours or what is left of one; the id of a key never is. */
  public static boolean isMeantAsKey(String text) {
    return text.startsWith(PREFIX);
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
}
