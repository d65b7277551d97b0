package io.billingsdk.server.invoices;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A document as its row has it. Immutable.
 *
 * @param position in the order of issue
 * @param corrects the invoice that a credit note corrects; null for an invoice
 * @param document canonical JSON
 * @param sha256 of the document, in hexadecimal
 * @param state of an invoice; {@code issued} for other documents
 * @param open the amount that is still to be paid; 0 for other documents
 */
record Issued(
    String number,
    long position,
    String kind,
    @Nullable String corrects,
    String seller,
    String customer,
    UUID subscription,
    int span,
    int revision,
    LocalDate date,
    Instant from,
    Instant to,
    String currency,
    long cut,
    BigDecimal net,
    BigDecimal discount,
    BigDecimal taxable,
    BigDecimal tax,
    BigDecimal total,
    BigDecimal prepaid,
    BigDecimal due,
    String document,
    String sha256,
    Instant issuedAt,
    String state,
    BigDecimal paid,
    BigDecimal open) {}
