package io.billingsdk.internal.delivery;

import io.billingsdk.internal.time.RetrySchedule;
import java.time.Duration;

/**
 * How events are sent.
 *
 * @param reportTopic where to, one by one, by protocol v1
 * @param usageTopic where to, in batches, by protocol v2
 * @param windowMessages sent and not yet answered by the broker, at most; its limit lowers it
 * @param windowBytes the same in bytes; the last message may exceed it
 * @param publishTimeout unanswered for so long, the connection is given up
 * @param busy pauses when nobody takes the events, or not now
 * @param refused pauses when this client may not send them
 * @param unreceipted how long to wait for the receipt of a batch, by how often it was sent before
 * @param secrets the proofs that go with batches
 */
public record DeliverySettings(
    String reportTopic,
    String usageTopic,
    int windowMessages,
    int windowBytes,
    Duration publishTimeout,
    RetrySchedule busy,
    RetrySchedule refused,
    RetrySchedule unreceipted,
    StreamSecrets secrets) {

  /**
   * Events of one batch. Beyond about a hundred the cost of an event hardly falls, and all of a
   * batch are sent again when its receipt is lost.
   */
  static final int BATCH_EVENTS = 250;

  /** Bytes of one batch, before it is compressed; a single event may exceed it. */
  static final int BATCH_BYTES = 64 << 10;

  /** How long a batch that is not full waits for more. */
  static final Duration LINGER = Duration.ofMillis(5);

  /**
   * Batches that the broker has and that have no receipt, at most. Many brokers drop from a queue
   * of 1,000 messages, for all that send to it, and say that they took them.
   */
  static final int UNRECEIPTED_BATCHES = 64;

  /** Bytes of events that are handed out by the journal and not settled, at most, about. */
  static final int UNRECEIPTED_BYTES = 4 << 20;
}
