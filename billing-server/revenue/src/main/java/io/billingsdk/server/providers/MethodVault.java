package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.db.Secrets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts tokens of providers for the database, with AES-256-GCM and a secret of this
 * installation. Thread-safe.
 */
final class MethodVault {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String HMAC = "HmacSHA256";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final SecretKeySpec names;
  private final SecureRandom random = new SecureRandom();

  MethodVault(Secrets secrets) {
    this.key = new SecretKeySpec(bytes(secrets.of("payment-tokens")), "AES");
    this.names = new SecretKeySpec(bytes(secrets.of("payment-token-names")), HMAC);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /** Seals a text, which opens for the same owner alone. */
  String seal(String owner, String text) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, owner, nonce).doFinal(text.getBytes(UTF_8));
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return HexFormat.of().formatHex(whole);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + CIPHER, impossible);
    }
  }

  /** The token; it was sealed for this customer, by this installation. */
  String open(SavedMethod method) {
    return open(method.customer(), method.sealed(), "the token of " + method.id());
  }

  /**
   * A text that was sealed for an owner.
   *
   * @param shown the name of it, without the text
   */
  String open(String owner, String text, String shown) {
    byte[] sealed = bytes(text);
    try {
      byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
      return new String(
          cipher(Cipher.DECRYPT_MODE, owner, nonce)
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES),
          UTF_8);
    } catch (GeneralSecurityException foreign) {
      throw new IllegalStateException(
          shown
              + " was encrypted by another installation; give all servers the same"
              + " secrets/payment-tokens",
          foreign);
    }
  }

  private Cipher cipher(int mode, String owner, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    // A token that was moved to the row of another customer does not open.
    cipher.updateAAD(owner.getBytes(UTF_8));
    return cipher;
  }

  /** A name of a token, by which it is known again and that says nothing of it. */
  String mac(ProviderName provider, String token) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(names);
      return HexFormat.of().formatHex(mac.doFinal((provider.text() + "/" + token).getBytes(UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + HMAC, impossible);
    }
  }
}
