package io.billingsdk.server.seals;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** Keys of Ed25519 as PEM, and what names them. */
final class KeyText {
  private static final String ALGORITHM = "Ed25519";
  private static final int LINE = 64;
  private static final int ID_CHARS = 32;

  private KeyText() {}

  static String of(PrivateKey key) {
    return pem("PRIVATE KEY", key);
  }

  static String of(PublicKey key) {
    return pem("PUBLIC KEY", key);
  }

  private static String pem(String kind, Key key) {
    String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePrivate(new PKCS8EncodedKeySpec(bytes("PRIVATE KEY", pem)));
  }

  static PublicKey publicKey(String pem) throws GeneralSecurityException {
    return KeyFactory.getInstance(ALGORITHM)
        .generatePublic(new X509EncodedKeySpec(bytes("PUBLIC KEY", pem)));
  }

  /** Nothing of the text is in the message: it may be a private key. */
  private static byte[] bytes(String kind, String pem) {
    String text = pem.strip();
    String begin = "-----BEGIN " + kind + "-----";
    String end = "-----END " + kind + "-----";
    if (!text.startsWith(begin) || !text.endsWith(end)) {
      throw new IllegalArgumentException("the file must have one " + kind + " as PEM");
    }
    String inner = text.substring(begin.length(), text.length() - end.length());
    try {
      return Base64.getMimeDecoder().decode(inner.getBytes(StandardCharsets.US_ASCII));
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException("the file must have one " + kind + " as PEM");
    }
  }

  /** The first half of the SHA-256 of a public key, in hex. */
  static String id(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(hash).substring(0, ID_CHARS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("each Java has SHA-256", e);
    }
  }
}
