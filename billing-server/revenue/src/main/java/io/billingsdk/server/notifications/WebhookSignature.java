package io.billingsdk.server.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures as Standard Webhooks 1.0.0 has them: version 1, HMAC-SHA256. */
final class WebhookSignature {
  private static final String HMAC = "HmacSHA256";

  private WebhookSignature() {}

  /** The key of a secret as its owner is shown it. */
  static byte[] key(String secret) {
    String prefix = WebhookSecrets.PREFIX;
    return Base64.getDecoder()
        .decode(secret.startsWith(prefix) ? secret.substring(prefix.length()) : secret);
  }

  /** The value of {@code webhook-signature}: one signature for each valid key. */
  static String of(List<byte[]> keys, String messageId, Instant at, byte[] body) {
    return keys.stream()
        .map(key -> "v1," + sign(key, messageId, at, body))
        .collect(Collectors.joining(" "));
  }

  private static String sign(byte[] key, String messageId, Instant at, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update((messageId + "." + at.getEpochSecond() + ".").getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + HMAC, impossible);
    }
  }
}
