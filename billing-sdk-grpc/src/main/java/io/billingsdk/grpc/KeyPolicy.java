package io.billingsdk.grpc;

/** The policy of a method: whether its callers need a key. */
public enum KeyPolicy {
  /** A call needs a key that may be used. */
  REQUIRED,
  /**
   * A call may come without a key, and then has no caller. A presented key must be valid: a blocked
   * caller is not let in as an anonymous one.
   */
  OPTIONAL,
  /** The check ignores keys, and a call has no caller. */
  NONE
}
