package io.billingsdk.internal.journal;

import java.time.Duration;

/**
 * For how long segments are retained once all their events are delivered.
 *
 * @param time since the last of it was settled, by the wall clock
 * @param bytes of all that one process retains; the oldest goes first
 */
public record Retention(Duration time, long bytes) {}
