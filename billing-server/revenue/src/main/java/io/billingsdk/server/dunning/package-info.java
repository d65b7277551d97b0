/**
 * Dunning: when a charge that was declined is tried again. The assembly gives it {@link
 * io.billingsdk.server.dunning.ChargeAttempts}; no other feature uses it.
 *
 * <p>The package owns the tables {@code dunning_case}, {@code dunning_attempt}, {@code
 * dunning_rule}, {@code dunning_threshold} and {@code dunning_card}.
 */
@NullMarked
package io.billingsdk.server.dunning;

import org.jspecify.annotations.NullMarked;
