package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Stripe's signature of a webhook: {@code t=TIME,v1=HMAC}. Any of several may be right. */
final class StripeSignature {
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final String HMAC = "HmacSHA256";

  private StripeSignature() {}

  /**
   * Refuses bytes that were not signed with one of the secrets, or not about now.
   *
   * @param secrets two while one replaces the other
   * @throws ForgedEventException with the reason
   */
  static void require(String header, byte[] body, List<String> secrets, Instant now) {
    String time = "";
    List<byte[]> signatures = new ArrayList<>();
    for (String part : header.split(",", -1)) {
      String[] pair = part.strip().split("=", 2);
      if (pair.length == 2 && pair[0].equals("t")) {
        time = pair[1];
      } else if (pair.length == 2 && pair[0].equals("v1")) {
        signatures.add(pair[1].getBytes(UTF_8));
      }
    }
    if (!time.matches("[0-9]{1,12}") || signatures.isEmpty()) {
      throw new ForgedEventException("its signature is not t=TIME,v1=HMAC");
    }
    boolean isRight = false;
    for (String secret : secrets) {
      byte[] expected = expected(secret, time, body).getBytes(UTF_8);
      for (byte[] each : signatures) {
        isRight |= MessageDigest.isEqual(expected, each);
      }
    }
    if (!isRight) {
      throw new ForgedEventException(
          "its signature is wrong: it was changed, or is for another endpoint");
    }
    Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), now).abs();
    if (age.compareTo(TOLERANCE) > 0) {
      throw new ForgedEventException(
          "its signature is more than " + TOLERANCE.toSeconds() + " seconds off");
    }
  }

  /** What {@code v1} is of a time and a body. */
  static String expected(String secret, String time, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), HMAC));
      mac.update((time + ".").getBytes(UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + HMAC, impossible);
    }
  }
}
