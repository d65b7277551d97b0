package io.billingsdk.broker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * A password as the broker remembers it: salted and hashed, so that no heap dump shows it. The hash
 * is a fast one, since it never leaves memory.
 */
final class PasswordDigest {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SALT_BYTES = 16;

  private final byte[] salt;
  private final byte[] digest;

  private PasswordDigest(byte[] salt, byte[] digest) {
    this.salt = salt;
    this.digest = digest;
  }

  static PasswordDigest of(String password) {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return new PasswordDigest(salt, hash(salt, password.getBytes(StandardCharsets.UTF_8)));
  }

  /** Compares in a time that does not depend on where the passwords differ. */
  boolean matches(byte[] password) {
    return MessageDigest.isEqual(digest, hash(salt, password));
  }

  @Override
  public String toString() {
    return "PasswordDigest[hidden]";
  }

  private static byte[] hash(byte[] salt, byte[] password) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return sha256.digest(password);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
