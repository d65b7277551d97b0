package io.billingsdk;

/** Why an API key was not let through. */
public enum DenialReason {
  /** No key was presented. */
  MISSING,
  /** The key is malformed or unknown. The two share a reason, so that nobody can probe. */
  INVALID,
  /** The key is known and an operator has blocked it. */
  BLOCKED,
  /** The key is good, but not for this model or method. */
  MODEL_NOT_ALLOWED,
  /** The key is used more often than it may be; later it works again. */
  RATE_LIMITED,
  /** The quota of the key or of its customer is used up in this period. */
  QUOTA_EXCEEDED,
  /**
   * The key cannot be checked: the key table was not received yet, or is too old, or no client
   * runs.
   */
  UNAVAILABLE
}
