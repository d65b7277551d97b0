package io.billingsdk.system;

import java.util.Locale;

/** A bug that a {@link ModelCollector} can have, to see whether the checker catches it. */
enum Plant {
  /** No bug. */
  NONE,
  /** The MQTT acknowledgement leaves before the transaction is committed. */
  ACK_BEFORE_COMMIT,
  /** So does the receipt. */
  RECEIPT_BEFORE_COMMIT,
  /** Nothing makes an identity unique: what is sent again is counted again. */
  NO_UNIQUE_INDEX;

  /** As proof lines have it. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
