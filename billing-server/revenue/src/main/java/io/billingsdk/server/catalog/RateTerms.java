package io.billingsdk.server.catalog;

import java.math.BigDecimal;

/**
 * How often keys may be used.
 *
 * @param perSecond calls a second in the long run, above 0 and at most a million
 * @param burst calls at once, 1 to a million
 */
public record RateTerms(BigDecimal perSecond, long burst) {}
