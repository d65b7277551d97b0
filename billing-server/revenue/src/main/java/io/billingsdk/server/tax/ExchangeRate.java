package io.billingsdk.server.tax;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * An exchange rate: one unit of {@code base} is worth {@code rate} of {@code quote}.
 *
 * @param row of its file; 0 if it is from the database
 */
record ExchangeRate(
    int row, LocalDate day, String base, String quote, BigDecimal rate, String source) {}
