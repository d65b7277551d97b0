package io.billingsdk.peers;

/** A library under test, with the settings that it has by default. */
interface Reporter {

  /**
   * Reports one event, as a service would.
   *
   * @return false when the library said to its caller that it did not take the event
   */
  boolean report(String id);

  /** Ends it as its makers say: what waits is sent first, where the library can. */
  void close();
}
