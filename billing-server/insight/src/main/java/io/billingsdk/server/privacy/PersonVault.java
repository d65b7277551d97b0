package io.billingsdk.server.privacy;

import io.billingsdk.server.db.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts the identifier of a person under a key of that person, and the key under a secret of
 * this installation, with AES-256-GCM. Both are bound to the subject. Thread-safe.
 */
final class PersonVault {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String MAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int SUBJECT_BYTES = 16;

  private final byte[] wrapping;
  private final byte[] lookups;
  private final SecureRandom random = new SecureRandom();

  /** With the secrets of this installation, which are made now if there are none. */
  PersonVault(Secrets secrets) {
    HexFormat hex = HexFormat.of();
    this.wrapping = hex.parseHex(secrets.of("privacy-keys"));
    this.lookups = hex.parseHex(secrets.of("privacy-lookup"));
  }

  /**
   * A person in the forms that tables hold.
   *
   * @param subject names the person in events, and means nothing by itself
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes them.
  record SealedPerson(String subject, byte[] identifier, byte[] key) {}

  /** A new person, with a new key. */
  SealedPerson seal(String identifier) {
    String subject = "p_" + HexFormat.of().formatHex(bytes(SUBJECT_BYTES));
    byte[] key = bytes(KEY_BYTES);
    byte[] text = identifier.getBytes(StandardCharsets.UTF_8);
    return new SealedPerson(subject, sealed(key, subject, text), sealed(wrapping, subject, key));
  }

  /**
   * The identifier.
   *
   * @throws IllegalStateException when it was sealed with other secrets, or for another subject
   */
  String open(SealedPerson person) {
    byte[] key = opened(wrapping, person.subject(), person.key());
    return new String(opened(key, person.subject(), person.identifier()), StandardCharsets.UTF_8);
  }

  /** Finds a person by the identifier: the same each time, and of no use without the secret. */
  byte[] lookup(String identifier) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(lookups, MAC));
      return mac.doFinal(identifier.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + MAC, impossible);
    }
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] sealed(byte[] key, String subject, byte[] text) {
    byte[] nonce = bytes(NONCE_BYTES);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, subject, nonce).doFinal(text);
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return whole;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + CIPHER, impossible);
    }
  }

  private static byte[] opened(byte[] key, String subject, byte[] sealed) {
    try {
      byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
      return cipher(Cipher.DECRYPT_MODE, key, subject, nonce)
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException foreign) {
      throw new IllegalStateException(
          "the secrets privacy-keys and privacy-lookup are not those of this database; restore"
              + " both from the backup of this server",
          foreign);
    }
  }

  private static Cipher cipher(int mode, byte[] key, String subject, byte[] nonce)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    // A text that was moved to another row does not open.
    cipher.updateAAD(subject.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
