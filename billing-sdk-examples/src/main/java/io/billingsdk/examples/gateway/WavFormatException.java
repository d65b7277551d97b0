package io.billingsdk.examples.gateway;

/** Bytes are not a WAV file that can be read; the message says where and why. */
final class WavFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  WavFormatException(String message) {
    super(message, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
  }
}
