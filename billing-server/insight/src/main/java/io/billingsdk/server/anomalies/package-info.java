/**
 * Anomalies of daily and hourly usage and cost: a job judges each closed bucket once, joins what
 * belongs together to incidents, and sends one alert and one resolve. The package owns the tables
 * {@code anomaly_series} and {@code anomaly_incident}; the statistics are those of {@code
 * io.billingsdk.forecast}.
 */
@NullMarked
package io.billingsdk.server.anomalies;

import org.jspecify.annotations.NullMarked;
