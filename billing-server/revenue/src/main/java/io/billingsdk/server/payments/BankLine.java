package io.billingsdk.server.payments;

import org.jspecify.annotations.Nullable;

/**
 * A line of an imported statement, and what became of it. Immutable.
 *
 * @param state {@code matched}, {@code unmatched} or {@code ignored}
 * @param reason why it is no payment; null for a matched one
 * @param payment that it became; null for others
 */
record BankLine(
    long id,
    String iban,
    BankTransfer transfer,
    String state,
    @Nullable String reason,
    @Nullable String payment) {}
