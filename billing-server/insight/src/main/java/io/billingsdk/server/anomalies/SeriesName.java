package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.BucketSize;
import java.util.Locale;

/**
 * A series that is watched.
 *
 * @param measure {@code usage} of an app, or {@code cost} of a service
 * @param name of the app or the service
 * @param currency of a cost; empty of usage
 */
record SeriesName(BucketSize size, String measure, String name, String currency) {
  static final String USAGE = "usage";
  static final String COST = "cost";

  static SeriesName usage(BucketSize size, String app) {
    return new SeriesName(size, USAGE, app, "");
  }

  static SeriesName cost(BucketSize size, String service, String currency) {
    return new SeriesName(size, COST, service, currency);
  }

  boolean isUsage() {
    return measure.equals(USAGE);
  }

  String dimension() {
    return isUsage() ? "app" : "service";
  }

  String sizeText() {
    return size.name().toLowerCase(Locale.ROOT);
  }

  /** For people, as {@code usage of the app shop, by day}. */
  String text() {
    return measure
        + (currency.isEmpty() ? "" : " in " + currency)
        + " of the "
        + dimension()
        + " "
        + name
        + ", by "
        + sizeText();
  }
}
