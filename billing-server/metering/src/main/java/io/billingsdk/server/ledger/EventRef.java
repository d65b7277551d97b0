package io.billingsdk.server.ledger;

import java.time.Instant;
import java.util.UUID;

/**
 * Names an event of the ledger. Its stream and number are its identity; the time of its use says
 * where to look for it.
 *
 * @param stream with {@code seq} its identity
 * @param occurredAt exactly as the ledger has it
 */
public record EventRef(UUID stream, long seq, Instant occurredAt) {}
