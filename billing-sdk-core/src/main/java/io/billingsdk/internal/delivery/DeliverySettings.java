package io.billingsdk.internal.delivery;

import io.billingsdk.internal.time.RetrySchedule;
import java.time.Duration;

/**
 * How events are sent.
 *
 * @param topic where to
 * @param windowMessages sent and not yet answered, at most; the broker's limit lowers it
 * @param windowBytes the same in bytes; the last message may exceed it
 * @param publishTimeout unanswered for so long, the connection is given up
 * @param busy pauses when nobody takes the events, or not now
 * @param refused pauses when this client may not send them
 */
public record DeliverySettings(
    String topic,
    int windowMessages,
    int windowBytes,
    Duration publishTimeout,
    RetrySchedule busy,
    RetrySchedule refused) {}
