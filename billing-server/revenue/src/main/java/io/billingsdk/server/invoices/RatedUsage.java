package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;

/**
 * What one charge of a plan costs for a part of a span, as the ledger is up to a cut.
 *
 * @param charge the id of the charge; empty for what is missing to a commitment
 * @param detail how it came about, as a document shows it
 */
record RatedUsage(
    LineKey key, UsagePart part, String charge, String name, ObjectNode detail, Money amount) {}
