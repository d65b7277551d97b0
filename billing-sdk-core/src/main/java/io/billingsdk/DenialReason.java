package io.billingsdk;

/** Why an API key was not let through. */
public enum DenialReason {
  /** No key was presented. */
  MISSING,
  /** The key is malformed or unknown. The two are not told apart, so that nobody can probe. */
  INVALID,
  /** The key is known and an operator has blocked it. */
  BLOCKED,
  /** The key is good, but not for this model or method. */
  MODEL_NOT_ALLOWED,
  /** The key is used more often than it may be; later it works again. */
  RATE_LIMITED,
  /** What the key or its customer may use in the period is used up. */
  QUOTA_EXCEEDED,
  /** It cannot be told: the key table was not received yet, or is too old, or no client runs. */
  UNAVAILABLE
}
