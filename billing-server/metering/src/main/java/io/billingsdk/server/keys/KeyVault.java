package io.billingsdk.server.keys;

import io.billingsdk.server.db.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the keys that the feed of protocol v1 must carry, with AES-256-GCM and a secret that is
 * not in the database. Thread-safe.
 */
public final class KeyVault {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec secret;
  private final SecureRandom random = new SecureRandom();

  /** With the secret of this installation. */
  public KeyVault(Secrets secrets) {
    this.secret = new SecretKeySpec(HexFormat.of().parseHex(secrets.of("legacy-keys")), "AES");
  }

  byte[] seal(String keyId, String apiKey) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keyId, nonce);
      byte[] sealed = cipher.doFinal(apiKey.getBytes(StandardCharsets.UTF_8));
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return whole;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + CIPHER, impossible);
    }
  }

  /** Empty when it was sealed with another secret, or for another key. */
  Optional<String> open(String keyId, byte[] sealed) {
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, keyId, Arrays.copyOf(sealed, NONCE_BYTES));
      byte[] text = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
      return Optional.of(new String(text, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, String keyId, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
    // A sealed key that was moved to another row does not open.
    cipher.updateAAD(keyId.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
