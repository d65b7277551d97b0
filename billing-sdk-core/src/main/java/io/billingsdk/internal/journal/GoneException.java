package io.billingsdk.internal.journal;

import java.io.IOException;

/** A file of the journal is not where the next process would look for it. */
final class GoneException extends IOException {
  private static final long serialVersionUID = 1L;

  GoneException(String message) {
    super(message);
  }
}
