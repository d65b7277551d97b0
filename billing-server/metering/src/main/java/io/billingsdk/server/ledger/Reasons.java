package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.KeyMask;
import io.billingsdk.server.common.RequestRefusedException;

/** Why an operator changes what is counted. */
final class Reasons {
  private Reasons() {}

  /** Refuses what is no reason. */
  static void require(String reason) {
    if (reason.isBlank()
        || reason.length() > Bounds.REASON_CHARS
        || !Bounds.isWellFormedText(reason)
        || KeyMask.isIn(reason)) {
      throw RequestRefusedException.invalid(
          "reason", "a text of 1 to " + Bounds.REASON_CHARS + " characters, without an API key");
    }
  }
}
