package io.billingsdk;

import java.util.Locale;

/**
 * Decides about API keys while billing is switched off ({@code enabled=false}): then no connection
 * brings a key table, and no key is known.
 */
public enum WhenDisabled {
  /**
   * Every key is refused with {@link DenialReason#UNAVAILABLE}. The default: a service that was
   * switched off by mistake serves nobody for free.
   */
  DENY,
  /**
   * Every well-formed key is allowed, for everything; its application is {@code disabled}. For
   * development and tests; you have to choose it by name.
   */
  ALLOW;

  /** {@code deny} or {@code allow}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** From its text, in any case. */
  static WhenDisabled parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
