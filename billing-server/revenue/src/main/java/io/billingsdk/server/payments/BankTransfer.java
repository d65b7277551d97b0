package io.billingsdk.server.payments;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A line of a statement of a bank. Immutable.
 *
 * @param bankRef by which the bank tells it from others of the account
 * @param amount below 0 when money went out
 * @param remittance all that the payer has said, references too
 * @param isReturn whether it takes a payment back, with an amount below 0
 * @param doubt why only a person can say whose it is; null for a plain one
 */
record BankTransfer(
    String bankRef,
    LocalDate bookedOn,
    String currency,
    BigDecimal amount,
    String payer,
    String remittance,
    @Nullable String doubt,
    boolean isReturn) {}
