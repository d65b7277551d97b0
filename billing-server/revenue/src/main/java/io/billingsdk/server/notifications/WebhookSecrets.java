package io.billingsdk.server.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.db.Secrets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes secrets of endpoints, and encrypts them for the database with AES-256-GCM and a secret of
 * this installation. Thread-safe.
 */
final class WebhookSecrets {
  static final String PREFIX = "whsec_";

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int SECRET_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int SHOWN_MAC_BYTES = 16;

  private final SecretKeySpec vault;
  private final SecretKeySpec links;
  private final SecureRandom random = new SecureRandom();

  WebhookSecrets(Secrets secrets) {
    this.vault = key(secrets.of("webhook-secrets"), "AES");
    this.links = key(secrets.of("mail-links"), "HmacSHA256");
  }

  private static SecretKeySpec key(String hex, String algorithm) {
    return new SecretKeySpec(HexFormat.of().parseHex(hex), algorithm);
  }

  /** A new one, as its owner is shown it once. */
  String create() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return PREFIX + Base64.getEncoder().encodeToString(bytes);
  }

  byte[] seal(String endpointId, String secret) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, endpointId, nonce).doFinal(WebhookSignature.key(secret));
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return whole;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + CIPHER, impossible);
    }
  }

  /** The key of a sealed secret; empty when it was sealed by another installation. */
  Optional<byte[]> open(String endpointId, byte[] sealed) {
    try {
      return Optional.of(
          cipher(Cipher.DECRYPT_MODE, endpointId, Arrays.copyOf(sealed, NONCE_BYTES))
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (GeneralSecurityException | IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, String endpointId, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, vault, new GCMParameterSpec(TAG_BITS, nonce));
    // A sealed secret that was moved to another row does not open.
    cipher.updateAAD(endpointId.getBytes(UTF_8));
    return cipher;
  }

  /** The token of a link that ends the mails of a kind to a recipient. */
  String linkToken(UUID recipient, NoticeKind kind) {
    String named = recipient + "." + kind.text();
    return named + "." + mac(named);
  }

  String token(LinkTarget target) {
    return linkToken(target.recipient(), target.kind());
  }

  /** What the token of a link is for; empty when nobody here has made it. */
  Optional<LinkTarget> target(String token) {
    int end = token.lastIndexOf('.');
    int first = token.indexOf('.');
    if (first < 1 || end <= first) {
      return Optional.empty();
    }
    String named = token.substring(0, end);
    boolean isOurs =
        MessageDigest.isEqual(mac(named).getBytes(UTF_8), token.substring(end + 1).getBytes(UTF_8));
    return isOurs
        ? NoticeKind.of(named.substring(first + 1))
            .map(kind -> new LinkTarget(UUID.fromString(named.substring(0, first)), kind))
        : Optional.empty();
  }

  /** A link ends the mails of a kind to a recipient. */
  record LinkTarget(UUID recipient, NoticeKind kind) {}

  private String mac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(links);
      byte[] whole = mac.doFinal(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(whole, 0, SHOWN_MAC_BYTES);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has HmacSHA256", impossible);
    }
  }
}
