package io.billingsdk.server.notifications;

/** Work that comes in pieces. Thread-safe. */
@FunctionalInterface
interface DeliveryWork {
  /** Does the next piece; false when there is none. */
  boolean doNext() throws InterruptedException;

  /** Begins nothing from now on that cannot be broken off. */
  default void stop() {}
}
