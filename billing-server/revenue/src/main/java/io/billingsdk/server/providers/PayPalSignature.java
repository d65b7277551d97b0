package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * PayPal's signature of a webhook: over its id, its time, the id of the endpoint and the CRC32 of
 * the body, by a certificate of PayPal. Thread-safe.
 */
final class PayPalSignature {
  /**
   * PayPal repeats an event for three days, and nothing says that a repetition has a time of its
   * own. The id of an event keeps a repetition within that time from having an effect.
   */
  static final Duration OLDEST = Duration.ofDays(3).plusHours(1);

  private static final Duration AHEAD = Duration.ofMinutes(5);
  private static final String ALGORITHM = "SHA256withRSA";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final String webhookId;
  private final PayPalCertificates certificates;

  PayPalSignature(String webhookId, PayPalCertificates certificates) {
    this.webhookId = webhookId;
    this.certificates = certificates;
  }

  /**
   * Refuses bytes that PayPal has not signed for this endpoint, or too long ago.
   *
   * @throws ForgedEventException with the reason
   * @throws ProviderUnreachableException when the certificate cannot be had now
   */
  void require(Map<String, List<String>> headers, byte[] body, Instant now) {
    String id = header(headers, "PAYPAL-TRANSMISSION-ID");
    String time = header(headers, "PAYPAL-TRANSMISSION-TIME");
    if (!ID.matcher(id).matches()) {
      throw new ForgedEventException("its PAYPAL-TRANSMISSION-ID is not one of PayPal");
    }
    if (!header(headers, "PAYPAL-AUTH-ALGO").equals(ALGORITHM)) {
      throw new ForgedEventException("its PAYPAL-AUTH-ALGO is not " + ALGORITHM);
    }
    byte[] signature = decoded(header(headers, "PAYPAL-TRANSMISSION-SIG"));
    // Before anything is fetched: an old event costs nothing.
    requireTime(time, now);
    PublicKey key = certificates.key(header(headers, "PAYPAL-CERT-URL"));
    if (!isSigned(key, signed(id, time, webhookId, body), signature)) {
      throw new ForgedEventException(
          "its signature is wrong: it was changed, or is for another endpoint");
    }
  }

  private static String header(Map<String, List<String>> headers, String name) {
    return headers.entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase(name))
        .flatMap(each -> each.getValue().stream())
        .findFirst()
        .orElseThrow(() -> new ForgedEventException("it has no " + name));
  }

  private static byte[] decoded(String signature) {
    try {
      return Base64.getDecoder().decode(signature);
    } catch (IllegalArgumentException malformed) {
      throw new ForgedEventException("its PAYPAL-TRANSMISSION-SIG is not Base64");
    }
  }

  private static void requireTime(String text, Instant now) {
    Instant time;
    try {
      time = OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException malformed) {
      throw new ForgedEventException("its PAYPAL-TRANSMISSION-TIME is no time");
    }
    if (time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(AHEAD))) {
      throw new ForgedEventException(
          "its signature is more than " + OLDEST.toHours() + " hours old, or of the future");
    }
  }

  /** The bytes that PayPal signs. */
  static byte[] signed(String id, String time, String webhookId, byte[] body) {
    CRC32 sum = new CRC32();
    sum.update(body);
    return (id + "|" + time + "|" + webhookId + "|" + sum.getValue()).getBytes(UTF_8);
  }

  private static boolean isSigned(PublicKey key, byte[] text, byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(text);
      return signature.verify(bytes);
    } catch (GeneralSecurityException wrong) {
      return false;
    }
  }
}
