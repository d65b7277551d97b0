package io.billingsdk.server.broker;

import java.time.Duration;

/**
 * A message that was received and is not acknowledged yet. It must be confirmed or settled in the
 * end, whatever became of it: acknowledgements leave in the order of arrival, so that one that
 * never does holds back all later ones.
 *
 * <p>Thread-safe.
 */
public interface HeldMessage {
  /** The topic that it came on. */
  String topic();

  /** What it holds. */
  byte[] payload();

  /** How many bytes it holds. */
  int bytes();

  /** Whether it has a user property with this name and value. */
  boolean hasProperty(String name, String value);

  /** Whether it is delivered again unless it is acknowledged: not if it was sent with QoS 0. */
  boolean isRepeated();

  /**
   * Whether its instance waits for the acknowledgement: then nothing is gained by waiting for more
   * messages. One that the broker has acknowledged is not awaited.
   */
  default boolean isAwaited() {
    return false;
  }

  /**
   * Whether no acknowledgement can reach its instance any more, who sends it again: then it is not
   * to be stored under an identity that is made here.
   */
  default boolean isGone() {
    return false;
  }

  /** The user whose connection it came on; empty when that is not known. */
  default String login() {
    return "";
  }

  /** A number of its instance's connection; 0 when that is not known. */
  default int sender() {
    return 0;
  }

  /**
   * Acknowledges it, once; if its connection has gone, nothing leaves and it is delivered again.
   */
  default void confirm() {
    settle();
    answer();
  }

  /** The first half of {@link #confirm}: says that it may be acknowledged. */
  void settle();

  /**
   * Says to its instance that it is not taken in for now, and is to be sent again later. For
   * messages whose instances know such an answer.
   *
   * @return whether the instance hears so; then only {@link #answer} is left to do
   */
  default boolean refuse() {
    return false;
  }

  /**
   * The second half: settled messages leave. After many were settled it costs one write for each
   * connection.
   */
  default void answer() {}

  /**
   * Its instance is too fast: nothing more is read from its connection for so long, where that
   * connection is ours.
   */
  default void slowDown(Duration pause) {}
}
