package io.billingsdk.testkit;

import java.time.Instant;

/** How the keys stand, at one moment. */
record KeyCounts(boolean loaded, int known, int blocked, Instant changedAt, long version) {}
