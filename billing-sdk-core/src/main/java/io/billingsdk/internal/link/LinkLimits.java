package io.billingsdk.internal.link;

/**
 * What the broker allows on this connection.
 *
 * @param receiveMaximum messages of QoS 1 that may be unacknowledged
 * @param maximumPacketBytes size of a whole packet
 */
public record LinkLimits(int receiveMaximum, int maximumPacketBytes) {}
