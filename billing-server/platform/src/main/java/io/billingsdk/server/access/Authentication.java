package io.billingsdk.server.access;

/** What a presented token says of who presents it. */
public sealed interface Authentication {
  /** It is good, for this caller. */
  record Known(Principal caller) implements Authentication {}

  /**
   * It is good for nothing.
   *
   * @param why for whoever presented it
   */
  record Refused(String why) implements Authentication {}
}
