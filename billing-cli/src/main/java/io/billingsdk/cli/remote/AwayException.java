package io.billingsdk.cli.remote;

import java.io.IOException;

/** The server takes nothing in, or gives nothing out, at the moment; later it may. */
final class AwayException extends IOException {
  private static final long serialVersionUID = 1L;

  AwayException(String message) {
    super(message);
  }
}
