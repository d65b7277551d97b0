package io.billingsdk.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a message about a stream comes from a process that has the journal which the stream
 * was written to. A billing system keeps its hash with the first message that has one, and from
 * then on takes the stream from whichever instance knows the secret.
 */
public final class StreamSecret {
  /** Its field in a batch, in a sign of life and in what that says of dropped numbers. */
  static final String FIELD = "stream_secret";

  private static final String HEX = "[0-9a-f]{64}";
  private static final String MAC = "HmacSHA256";

  private final String hex;

  private StreamSecret(String hex) {
    this.hex = hex;
  }

  /** That of a stream, made of the secret of a journal: of one, no other can be reckoned. */
  public static StreamSecret of(byte[] journal, UUID stream) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(journal, MAC));
      byte[] made = mac.doFinal(stream.toString().getBytes(StandardCharsets.US_ASCII));
      return new StreamSecret(HexFormat.of().formatHex(made));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has " + MAC, impossible);
    }
  }

  /** That of a message; null when it has none. */
  static @Nullable StreamSecret read(JsonNode node) throws MalformedMessageException {
    JsonNode secret = node.path(FIELD);
    if (secret.isMissingNode()) {
      return null;
    }
    if (!secret.isTextual() || !isWellFormed(secret.textValue())) {
      throw new MalformedMessageException(FIELD + " must be 64 hexadecimal digits");
    }
    return new StreamSecret(secret.textValue());
  }

  /** One that was checked. */
  static StreamSecret ofHex(String hex) {
    return new StreamSecret(hex);
  }

  static boolean isWellFormed(String hex) {
    return hex.matches(HEX);
  }

  /** What a billing system keeps of it. */
  public byte[] sha256() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(HexFormat.of().parseHex(hex));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  /** Whether this is the secret that has this hash. */
  public boolean isOf(byte[] sha256) {
    return MessageDigest.isEqual(sha256(), sha256);
  }

  String hex() {
    return hex;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StreamSecret secret && secret.hex.equals(hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public String toString() {
    return "StreamSecret[***]";
  }
}
