package io.billingsdk;

/** Why a usage event was not accepted. */
public enum RejectionReason {
  /** A field is missing, malformed or out of its range. Reporting it again cannot succeed. */
  INVALID,
  /** The encoded event is larger than 16 KiB. */
  TOO_LARGE,
  /**
   * The buffer has reached its bound. Reporting it again may succeed once events were delivered.
   */
  BUFFER_FULL,
  /** The disk of the journal is full or fails. Reporting it again may succeed later. */
  STORAGE_UNAVAILABLE,
  /** The client was closed. */
  CLOSED,
  /** No client is installed in {@link Billing}, or it was created and not started. */
  NOT_STARTED
}
