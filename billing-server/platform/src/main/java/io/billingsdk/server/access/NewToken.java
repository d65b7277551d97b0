package io.billingsdk.server.access;

import io.billingsdk.server.db.TokenFormat;
import java.security.SecureRandom;

/**
 * A token that was just made, {@code bt_<tokenId>_<secret>_<crc>}: a beginning that secret scanners
 * find, 192 random bits, a checksum against typing errors. This is the only time that it is whole.
 *
 * @param tokenId names it wherever it must not be shown
 * @param text what is sent as {@code Authorization: Bearer …}; the server keeps its SHA-256
 */
public record NewToken(String tokenId, String text) {
  private static final String PREFIX = "bt_";

  static NewToken create(SecureRandom random) {
    TokenFormat made = TokenFormat.create(PREFIX, "t", random);
    return new NewToken(made.id(), made.text());
  }

  static boolean isWellFormed(String text) {
    return TokenFormat.isWellFormed(PREFIX, text);
  }

  /** Its id alone. */
  @Override
  public String toString() {
    return "NewToken[" + tokenId + "]";
  }
}
