package io.billingsdk.server.providers;

import java.util.Locale;

/** How far a charge is, in the order in which it moves: forward only. */
enum ChargeState {
  /** The provider may have it or not. */
  CREATED,
  /** The provider refuses the account of this server, and has done nothing. */
  NEEDS_OPERATOR,
  /** The customer has to confirm it, as by 3-D Secure. No decline. */
  REQUIRES_ACTION,
  /** The bank takes days for it. */
  PROCESSING,
  /** Declined, cancelled, or never received by the provider. */
  FAILED,
  SUCCEEDED,
  /** The money went back after it had come. */
  RETURNED;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ChargeState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  boolean isLive() {
    return isUnsent() || this == REQUIRES_ACTION || this == PROCESSING;
  }

  /** Whether the provider has said nothing of it yet. */
  boolean isUnsent() {
    return this == CREATED || this == NEEDS_OPERATOR;
  }
}
