package io.billingsdk.server.collect;

import io.billingsdk.server.broker.HeldMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message and its events.
 *
 * @param instance who is told by receipts; null for protocol v1
 * @param entries empty when the message as a whole was malformed
 * @param malformed why nothing could be read from it; null when it could
 */
record Arrival(
    HeldMessage message,
    @Nullable String instance,
    List<Entry> entries,
    @Nullable String malformed) {}
