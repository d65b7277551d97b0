package io.billingsdk.grpc;

/** What a method demands of its callers. */
public enum KeyPolicy {
  /** A call needs a key that may be used. */
  REQUIRED,
  /**
   * A call may come without a key, and then has no caller. A key that is presented must be good: a
   * blocked caller is not let in as nobody.
   */
  OPTIONAL,
  /** No key is looked at, and a call has no caller. */
  NONE
}
