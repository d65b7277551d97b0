package io.billingsdk.server.statistics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the tokens of sessions, guests and users, and reads them: {@code bst_<claims>.<signature>}.
 * A signature is by one of several keys with numbers, all of one secret, so that the key can be
 * changed while tokens of the one before are still good. Immutable and thread-safe.
 */
final class HolderTokens {
  /** So they begin. */
  static final String PREFIX = "bst_";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int BYTES = 1 + Integer.BYTES + 2 * Long.BYTES + Long.BYTES;
  private static final int MOST_CHARS = 256;

  private final SecretKeySpec root;

  /** With the secret of an installation, in hexadecimal. */
  HolderTokens(String secret) {
    this.root = new SecretKeySpec(HexFormat.of().parseHex(secret), ALGORITHM);
  }

  /**
   * What a token says.
   *
   * @param keyNo of the key that has signed it
   * @param expiresAt to the second
   */
  record Claims(PersonKind kind, int keyNo, UUID person, Instant expiresAt) {}

  /** The token of claims. */
  String sign(Claims claims) {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .put(claims.kind().code())
            .putInt(claims.keyNo())
            .putLong(claims.person().getMostSignificantBits())
            .putLong(claims.person().getLeastSignificantBits())
            .putLong(claims.expiresAt().getEpochSecond())
            .array();
    String body = PREFIX + encoded(bytes);
    return body + "." + encoded(mac(key(claims.keyNo()), body.getBytes(UTF_8)));
  }

  /** What a token says; empty when we have not signed exactly this text. */
  Optional<Claims> read(String token) {
    int end = token.indexOf('.');
    if (!token.startsWith(PREFIX) || end < 0 || token.length() > MOST_CHARS) {
      return Optional.empty();
    }
    return claims(token.substring(PREFIX.length(), end))
        // Signed again and compared whole: no second text is the same token.
        .filter(
            claims -> MessageDigest.isEqual(sign(claims).getBytes(UTF_8), token.getBytes(UTF_8)));
  }

  private static Optional<Claims> claims(String encoded) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(encoded);
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
    if (bytes.length != BYTES) {
      return Optional.empty();
    }
    ByteBuffer all = ByteBuffer.wrap(bytes);
    Optional<PersonKind> kind = PersonKind.of(all.get());
    int keyNo = all.getInt();
    UUID person = new UUID(all.getLong(), all.getLong());
    long expires = all.getLong();
    if (keyNo < 1 || expires < 0 || expires > Instant.MAX.getEpochSecond()) {
      return Optional.empty();
    }
    return kind.map(each -> new Claims(each, keyNo, person, Instant.ofEpochSecond(expires)));
  }

  /** The kept form of the name that an application has for a user. */
  byte[] userHash(String userId) {
    return mac(derived("user names"), userId.getBytes(UTF_8));
  }

  private SecretKeySpec key(int number) {
    return derived("tokens " + number);
  }

  private SecretKeySpec derived(String purpose) {
    return new SecretKeySpec(mac(root, ("statistics " + purpose).getBytes(UTF_8)), ALGORITHM);
  }

  private static byte[] mac(SecretKeySpec key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(text);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + ALGORITHM, impossible);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "HolderTokens";
  }
}
