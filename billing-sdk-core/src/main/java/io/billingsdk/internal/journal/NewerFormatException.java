package io.billingsdk.internal.journal;

import java.io.IOException;

/** A segment has a format that this code does not know. */
final class NewerFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long bytes;

  NewerFormatException(int version, long bytes) {
    super(
        "its format has version "
            + version
            + "; this code reads version "
            + SegmentFormat.VERSION
            + ": use a newer release of the library");
    this.bytes = bytes;
  }

  /** Of the whole segment. */
  long bytes() {
    return bytes;
  }
}
