package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.util.List;

/**
 * Finds anomalies of a daily or hourly series of usage or cost, in both directions. It judges each
 * bucket by those before it alone, so a longer series gives the same answers about its beginning.
 * Stateless.
 */
public final class AnomalyDetector {
  private AnomalyDetector() {}

  /** All anomalies of a series, the oldest first; that of an open bucket last. */
  public static List<Anomaly> detect(UsageSeries series) {
    return detect(series, BigDecimal.ZERO);
  }

  /**
   * All anomalies whose bucket differs from the estimate by at least this much.
   *
   * @param least the least difference that is worth a person's time, at least 0
   */
  public static List<Anomaly> detect(UsageSeries series, BigDecimal least) {
    BigDecimal checked = Check.quantity("least", least);
    return new Detection(series)
        .anomalies().stream()
            .filter(
                found -> found.actual().subtract(found.expected()).abs().compareTo(checked) >= 0)
            .toList();
  }
}
