package io.billingsdk.server.margin;

import io.billingsdk.rating.Money;
import java.time.Instant;

/**
 * A line of an issued document. Immutable.
 *
 * @param charge empty for a commitment
 * @param isUsage whether it has the whole usage of its time; a later difference has not
 * @param price after discounts, without tax; below 0 for what was given back
 */
record InvoicedLine(
    String customer,
    String plan,
    int version,
    String charge,
    boolean isUsage,
    Instant from,
    Instant to,
    Money price) {}
