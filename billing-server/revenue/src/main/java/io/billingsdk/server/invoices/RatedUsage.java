package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Money;
import java.util.function.Supplier;

/**
 * What one charge of a plan costs for a part of a span, as the ledger is up to a cut.
 *
 * @param charge the id of the charge; empty for what is missing to a commitment
 * @param details how it came about, as a document shows it. They read all events of the usage, so
 *     only a line that comes onto a document asks for them
 */
record RatedUsage(
    LineKey key,
    UsagePart part,
    String charge,
    String name,
    Supplier<ObjectNode> details,
    Money amount) {}
