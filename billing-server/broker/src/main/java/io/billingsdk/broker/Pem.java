package io.billingsdk.broker;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The textual encoding of RFC 7468. */
final class Pem {

  private static final int LINE_LENGTH = 64;

  private Pem() {}

  static String encode(String label, byte[] der) {
    Base64.Encoder lines =
        Base64.getMimeEncoder(LINE_LENGTH, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN "
        + label
        + "-----\n"
        + lines.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }
}
