package io.billingsdk.server.ledger;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stream that a batch writes to, with what opens it when it is new.
 *
 * @param instance that sent its first message; null for none
 * @param isOfV1 whether that was a report of protocol v1
 * @param secret that came with it; null for none
 * @param numbers that the batch holds of it
 */
public record StreamOpening(
    UUID stream,
    @Nullable String instance,
    StreamOrigin origin,
    boolean isOfV1,
    @Nullable StreamSecret secret,
    List<SeqRange> numbers) {}
