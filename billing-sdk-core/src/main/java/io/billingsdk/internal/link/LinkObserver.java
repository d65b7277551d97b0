package io.billingsdk.internal.link;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import org.jspecify.annotations.Nullable;

/** Receives notice of what happens on a {@link BrokerLink}. */
public interface LinkObserver {

  /** Connected and subscribed. */
  void up(LinkLimits limits);

  /** The connection has ended. Unanswered messages may have arrived or not. */
  void down();

  /** A message of a subscribed topic, on a thread of the MQTT client; it must not block. */
  void received(String topic, byte[] payload);

  /**
   * The state, after each attempt and each loss; kind and message are of the failure, if it was
   * one.
   */
  void state(ConnectionState state, @Nullable ProblemKind kind, String message);
}
