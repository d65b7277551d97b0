/**
 * Forecasts of usage and anomalies in it, each with its measured error. For the billing server; an
 * application that meters usage does not need it.
 *
 * <p>Everything here is a pure function of immutable values: no I/O, no clock, no default time zone
 * or locale, no randomness. The same series gives the same answer on every machine.
 *
 * <ul>
 *   <li>Input: a {@link UsageSeries} of closed days or hours, and perhaps one open bucket.
 *   <li>Forecasts: a {@link Forecaster} answers with a {@link MonthOutlook}: a {@link
 *       MonthForecast} with its {@link BackTest}, or {@link NotEnoughData}.
 *   <li>Anomalies: an {@link AnomalyDetector} finds each {@link Anomaly}; {@link Incidents} makes
 *       one {@link Incident} of those that belong together; a {@link CauseFinder} ranks each {@link
 *       Cause}.
 * </ul>
 *
 * <p>Quantities and money that enter or leave are exact decimals. The statistics between them are
 * binary fractions, which no public type holds; a test reads the class files.
 */
@NullMarked
package io.billingsdk.forecast;

import org.jspecify.annotations.NullMarked;
