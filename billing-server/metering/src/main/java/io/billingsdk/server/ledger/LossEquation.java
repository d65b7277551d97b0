package io.billingsdk.server.ledger;

/**
 * The counts of an instance since its start: {@code accepted = delivered + pending + deadLettered +
 * dropped}; {@code rejected} was never accepted. The server keeps them as they were said.
 */
public record LossEquation(
    long accepted, long delivered, long pending, long deadLettered, long dropped, long rejected) {}
