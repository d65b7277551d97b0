package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.Corrections.EventRef;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * A correction that was made. It is an event of the ledger itself.
 *
 * @param itself the event that it is
 * @param corrects the event that it brings to what it should be
 * @param app that both belong to
 * @param usage what the corrected event amounts to since then, until it is corrected again
 * @param difference to what it amounted to before: the usage of the event {@code itself}
 * @param reason the operator's
 * @param actor who made it
 */
record Correction(
    EventRef itself,
    EventRef corrects,
    String app,
    BigDecimal usage,
    BigDecimal difference,
    String reason,
    String actor,
    Instant correctedAt) {}
