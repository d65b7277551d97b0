package io.billingsdk.server.ledger;

/** Where an event is in the ledger: the id of its stream, and its number there. */
public record EventId(int streamId, long seq) {}
