package io.billingsdk.cli.remote;

import java.io.IOException;

/** The server takes nothing in, or gives nothing out, at the moment; later it may. */
final class ServerUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  ServerUnavailableException(String message) {
    super(message);
  }
}
