package io.billingsdk.testkit;

import io.billingsdk.RejectionReason;
import java.util.Map;

/** The counts of the events, at one moment. */
record EventCounts(
    long accepted,
    long delivered,
    long pending,
    long deadLettered,
    Map<RejectionReason, Long> rejected) {}
