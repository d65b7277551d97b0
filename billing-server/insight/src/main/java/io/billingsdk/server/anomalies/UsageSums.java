package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.BucketSize;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter;
import io.billingsdk.server.catalog.MeterReader;
import io.billingsdk.server.catalog.Meters;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.customers.Customers.CustomerApp;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Bucket;
import io.billingsdk.server.ledger.Dimension;
import io.billingsdk.server.ledger.HourlyUsage;
import io.billingsdk.server.ledger.HourlyUsage.NamedUsage;
import io.billingsdk.server.ledger.HourlyUsage.Ranking;
import io.billingsdk.server.ledger.HourlyUsage.TimeRange;
import io.billingsdk.server.ledger.HourlyUsage.UsagePart;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.ledger.UsageNaming;
import io.billingsdk.server.ledger.UsageNaming.OfColumn;
import io.billingsdk.server.ledger.UsageNaming.OfMeter;
import io.billingsdk.server.ledger.UsageNaming.OfOwner;
import io.billingsdk.server.ledger.UsageNaming.OwnedApp;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Usage by app, service, customer, key and meter, from the rollups of the ledger. Of each dimension
 * it watches the values with the most usage by name, and all others together. Thread-safe.
 */
final class UsageSums {
  /** Values of these may explain what is unusual in another dimension, an app before a service. */
  static final List<String> EXPLAINING = List.of(SeriesName.APP, SeriesName.SERVICE);

  /** The dimensions; those that explain come first. */
  static final List<String> DIMENSIONS =
      List.of(SeriesName.APP, SeriesName.SERVICE, "customer", "key", "meter");

  private static final int MOST_METERS = 500;
  private static final Actor READER = new Actor("anomalies");

  private final Database database;
  private final TimeRange history;
  private final int most;

  /**
   * @param history the time in which apps count for their customers
   * @param most values of a dimension that are watched by name
   */
  UsageSums(Database database, TimeRange history, int most) {
    this.database = database;
    this.history = history;
    this.most = most;
  }

  /**
   * A dimension and the values that are watched by name.
   *
   * @param hasRest whether there are others
   */
  record Watched(String dimension, NamedUsage usage, boolean hasRest) {}

  /**
   * The values of a dimension that are watched.
   *
   * @param active the range whose usage counts
   * @param open values with an incident that is not over; they are watched, too
   */
  Watched watched(String dimension, TimeRange active, List<String> open) {
    UsageNaming naming = naming(dimension);
    Ranking largest = new HourlyUsage(database).largest(naming, active, most);
    Set<String> names = new LinkedHashSet<>(largest.names());
    names.addAll(open);
    names.remove(SeriesName.REST);
    boolean hasRest = largest.count() > largest.names().size();
    return new Watched(dimension, new NamedUsage(naming, List.copyOf(names)), hasRest);
  }

  private UsageNaming naming(String dimension) {
    return switch (dimension) {
      case SeriesName.APP -> new OfColumn(Dimension.Column.APP);
      case SeriesName.SERVICE -> new OfColumn(Dimension.Column.MODULE);
      case "key" -> new OfColumn(Dimension.Column.KEY);
      case "customer" -> customers();
      case "meter" -> meters();
      default -> throw new IllegalArgumentException("no dimension of usage: " + dimension);
    };
  }

  private UsageNaming customers() {
    List<OwnedApp> apps = new ArrayList<>();
    for (CustomerApp each : new Customers(database, READER).spansSince(history.from())) {
      AppSpan span = each.span();
      Instant from = span.from().isBefore(history.from()) ? history.from() : span.from();
      Instant end = span.to();
      Instant to = end == null || end.isAfter(history.to()) ? history.to() : end;
      if (to.isAfter(from)) {
        apps.add(new OwnedApp(each.customer(), new AppRange(span.app(), from, to)));
      }
    }
    return new OfOwner(apps);
  }

  /** Those that the rollups know: the events of a year are too many for a look each ten minutes. */
  private UsageNaming meters() {
    Map<String, MeterQuery> meters = new HashMap<>();
    for (Meter each : new Meters(database, READER).all()) {
      MeterQuery question = MeterReader.question(each);
      if (question.isRolledUp() && meters.size() < MOST_METERS) {
        meters.put(each.slug(), question);
      }
    }
    return new OfMeter(meters);
  }

  /** The usage of each watched value by bucket; of the others under {@link SeriesName#REST}. */
  Map<String, Map<Instant, BigDecimal>> values(Watched watched, BucketSize size, TimeRange range) {
    Bucket bucket = size == BucketSize.DAY ? Bucket.DAY : Bucket.HOUR;
    return new HourlyUsage(database).series(watched.usage(), watched.hasRest(), range, bucket);
  }

  /** What the usage of a value is made of. */
  List<UsagePart> parts(Watched watched, String name, TimeRange range) {
    boolean isRest = name.equals(SeriesName.REST);
    NamedUsage wanted =
        isRest ? watched.usage() : new NamedUsage(watched.usage().naming(), List.of(name));
    return new HourlyUsage(database).parts(wanted, isRest, range);
  }

  UsageSums within(Database here) {
    return new UsageSums(here, history, most);
  }
}
