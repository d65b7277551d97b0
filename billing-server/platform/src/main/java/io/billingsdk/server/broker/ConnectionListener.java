package io.billingsdk.server.broker;

/** Hears of a connection and its messages. Must not block for long. */
public interface ConnectionListener {
  /** A message has come, which must be confirmed in the end. */
  void received(HeldMessage message);

  /** Connected and subscribed. */
  default void up() {}

  /** The connection was lost; all that was held has been confirmed and will be delivered again. */
  default void down() {}
}
