package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.BucketSize;
import java.util.Locale;

/**
 * A series that is watched.
 *
 * @param measure {@code usage} or {@code cost}
 * @param dimension {@code app}, {@code service}, {@code customer}, {@code key} or {@code meter} of
 *     usage, {@code service} of cost
 * @param name the value of the dimension; empty for all that are not watched by name
 * @param currency of a cost; empty of usage
 */
record SeriesName(BucketSize size, String measure, String dimension, String name, String currency) {
  static final String USAGE = "usage";
  static final String COST = "cost";
  static final String APP = "app";
  static final String SERVICE = "service";

  /** The name of all that are not watched by name. */
  static final String REST = "";

  private static final String SHOWN_REST = "other";

  static SeriesName usage(BucketSize size, String dimension, String name) {
    return new SeriesName(size, USAGE, dimension, name, "");
  }

  static SeriesName cost(BucketSize size, String service, String currency) {
    return new SeriesName(size, COST, SERVICE, service, currency);
  }

  boolean isUsage() {
    return measure.equals(USAGE);
  }

  boolean isRest() {
    return name.equals(REST);
  }

  /** The same value of another dimension. */
  SeriesName of(String other, String value) {
    return new SeriesName(size, measure, other, value, currency);
  }

  String sizeText() {
    return size.name().toLowerCase(Locale.ROOT);
  }

  /** The name as the API has it. */
  static String shown(String name) {
    return name.equals(REST) ? SHOWN_REST : name;
  }

  /** For people, as {@code usage of the app shop, by day}. */
  String text() {
    return measure
        + (currency.isEmpty() ? "" : " in " + currency)
        + " of "
        + (isRest() ? "all other " + dimension + "s" : "the " + dimension + " " + name)
        + ", by "
        + sizeText();
  }
}
