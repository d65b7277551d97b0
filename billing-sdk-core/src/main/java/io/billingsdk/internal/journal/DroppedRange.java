package io.billingsdk.internal.journal;

import java.util.UUID;

/**
 * Records of one stream that were dropped to make room: nobody will ever hand them out.
 *
 * @param stream that they were appended to
 * @param first number of the first
 * @param last number of the last, included
 */
public record DroppedRange(UUID stream, long first, long last) {}
