package io.billingsdk.testkit;

import java.time.Instant;

/** The counts of the keys, at one moment. */
record KeyCounts(boolean loaded, int known, int blocked, Instant changedAt, long version) {}
