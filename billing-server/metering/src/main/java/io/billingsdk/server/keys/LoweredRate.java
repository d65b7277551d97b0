package io.billingsdk.server.keys;

import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A rate that a key has for a while beside its own and that of its plan; the tighter one counts.
 *
 * @param reason why, 1 to 256 characters
 * @param until when it ends by itself; null when somebody has to take it back
 */
public record LoweredRate(Rate rate, String reason, @Nullable Instant until) {}
