package io.billingsdk;

import java.util.Locale;

/** Which version of the wire protocol a client speaks with its billing system. */
public enum Protocol {
  /**
   * The version that the billing system speaks. Until it has shown itself, accepted events wait in
   * the journal. Version 2, once seen, is remembered beside the journal and never silently given
   * up.
   */
  AUTO,
  /** One event a message, delivered when the broker acknowledges it. The Python SDK's. */
  V1,
  /** Batches, delivered when the billing system has committed them; keys only by their hashes. */
  V2;

  /** {@code auto}, {@code v1} or {@code v2}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** From its text, in any case. */
  static Protocol parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
