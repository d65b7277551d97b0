package io.billingsdk.internal.journal;

/**
 * Counts of a journal; {@code appended = acknowledged + pending + deadLettered}.
 *
 * @param appended records ever taken
 * @param acknowledged records settled as delivered
 * @param pending records neither acknowledged nor set aside
 * @param deadLettered records set aside
 * @param bytes bytes that it holds
 */
public record JournalFigures(
    long appended, long acknowledged, long pending, long deadLettered, long bytes) {}
