package io.billingsdk.server.catalog;

import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Meter.Aggregation;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Dimension;
import io.billingsdk.server.ledger.MeteredUsage;
import io.billingsdk.server.ledger.MeteredUsage.Evidence;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.EventField;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.EventValue;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.Measure;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a meter shows for a customer: the usage of the customer's apps, each while it was theirs, by
 * the time of use, up to a cut of the ledger. Thread-safe.
 */
public final class MeterReader {
  private static final Actor NOBODY = new Actor("meter");

  private final MeteredUsage ledger;
  private final Customers customers;
  private final Meters meters;
  private final Map<String, Meter> known;

  /** In a database. */
  public MeterReader(Database database) {
    this(database, new ConcurrentHashMap<>());
  }

  private MeterReader(Database database, Map<String, Meter> known) {
    this.ledger = new MeteredUsage(database);
    this.customers = new Customers(database, NOBODY);
    this.meters = new Meters(database, NOBODY);
    this.known = known;
  }

  /** The same within a transaction of the caller; both share what they know of meters. */
  public MeterReader within(Database here) {
    return new MeterReader(here, known);
  }

  /**
   * Whose usage is meant, and when.
   *
   * @param from the first moment of use
   * @param to the end, exclusive
   * @param cut of the ledger; {@link MeterQuery#NOW} for what it holds now
   */
  public record MeterRange(String customer, Instant from, Instant to, long cut) {}

  /** What a meter shows in all; 0 without events. */
  public BigDecimal total(Meter meter, MeterRange range) {
    return ledger.read(query(meter, range, null)).getOrDefault("", BigDecimal.ZERO);
  }

  /**
   * The same by the values of a dimension; an empty text for events without it.
   *
   * @param dimension {@code model}, {@code module}, {@code appId}, {@code keyId} or {@code
   *     metadata.NAME}
   */
  public Map<String, BigDecimal> byDimension(Meter meter, MeterRange range, String dimension) {
    return ledger.read(query(meter, range, dimension));
  }

  /** The usage that a charge is rated by, in the form that it needs. */
  public Usage usage(PlanCharge charge, MeterRange range) {
    return usage(charge, ranges(range), range.cut());
  }

  /**
   * The same of apps that the caller knows to be the customer's: those that an invoice pinned.
   *
   * @param apps two of one app do not overlap
   */
  public Usage usage(PlanCharge charge, List<AppRange> apps, long cut) {
    if (charge.form() == UsageForm.PEAKS) {
      Map<String, Quantity> peaks = new LinkedHashMap<>();
      for (String slug : charge.peaks()) {
        MeterQuery query = query(meter(slug), apps, cut, null);
        peaks.put(slug, Quantity.of(ledger.read(query).getOrDefault("", BigDecimal.ZERO)));
      }
      return new Usage.Peaks(peaks);
    }
    String slug = charge.meter();
    if (slug == null) {
      return Usage.none();
    }
    String dimension = charge.charge().dimension();
    MeterQuery query = query(meter(slug), apps, cut, dimension);
    Map<String, Usage> byValue = new LinkedHashMap<>();
    if (charge.form() == UsageForm.EVENTS) {
      ledger.values(query).forEach((value, amounts) -> byValue.put(value, events(amounts)));
    } else {
      ledger
          .read(query)
          .forEach((value, amount) -> byValue.put(value, Usage.of(Quantity.of(amount))));
    }
    return dimension == null ? byValue.getOrDefault("", Usage.none()) : new Usage.ByValue(byValue);
  }

  /**
   * The usage that a charge is rated by, for many places at once, as the ledger is.
   *
   * @param known the meters of the charge by slug, which need not be those of the catalog
   * @param places the apps of each, and when
   */
  public List<Usage> usages(
      PlanCharge charge, Map<String, Meter> known, List<List<AppRange>> places) {
    String slug = charge.meter();
    if (slug == null || charge.form() != UsageForm.TOTAL) {
      return places.stream().map(each -> usage(charge, each, MeterQuery.NOW)).toList();
    }
    Meter meter = known.containsKey(slug) ? known.get(slug) : meters.require(slug);
    String dimension = charge.charge().dimension();
    return ledger.readEach(query(meter, List.of(), MeterQuery.NOW, dimension), places).stream()
        .map(shown -> usage(shown, dimension))
        .toList();
  }

  private static Usage usage(Map<String, BigDecimal> shown, @Nullable String dimension) {
    Map<String, Usage> byValue = new LinkedHashMap<>();
    shown.forEach((value, amount) -> byValue.put(value, Usage.of(Quantity.of(amount))));
    return dimension == null ? byValue.getOrDefault("", Usage.none()) : new Usage.ByValue(byValue);
  }

  /** Which events that usage is made of. */
  public Evidence evidence(PlanCharge charge, List<AppRange> apps, long cut) {
    Evidence all = Evidence.NONE;
    for (String slug : charge.meters()) {
      all = all.and(ledger.evidence(query(meter(slug), apps, cut, null)));
    }
    return all;
  }

  /**
   * The events that a meter reads, as {@link MeteredUsage#contents} gives them.
   *
   * @param most so many at most
   */
  public List<String> contents(String meter, List<AppRange> apps, long cut, int most) {
    return ledger.contents(query(meter(meter), apps, cut, null), most);
  }

  /** One that a plan names never changes: a bill asks for it once. */
  private Meter meter(String slug) {
    Meter present = known.get(slug);
    if (present == null) {
      // Not within the map: others would wait there for the database.
      present = meters.require(slug);
      known.put(slug, present);
    }
    return present;
  }

  private static Usage events(List<BigDecimal> amounts) {
    return new Usage.Events(amounts.stream().map(Quantity::of).toList());
  }

  private MeterQuery query(Meter meter, MeterRange range, @Nullable String dimension) {
    return query(meter, ranges(range), range.cut(), dimension);
  }

  /** The question of a meter to the ledger, of no app yet. */
  public static MeterQuery question(Meter meter) {
    return query(meter, List.of(), MeterQuery.NOW, null);
  }

  /** What a meter shows for each of many places, as the ledger is. */
  public List<BigDecimal> totals(Meter meter, List<List<AppRange>> places) {
    return ledger.readEach(question(meter), places).stream()
        .map(shown -> shown.getOrDefault("", BigDecimal.ZERO))
        .toList();
  }

  private static MeterQuery query(
      Meter meter, List<AppRange> apps, long cut, @Nullable String dimension) {
    return new MeterQuery(
        apps,
        meter.module(),
        meter.models(),
        meter.metadata(),
        measure(meter.aggregation()),
        new EventValue(field(meter.value().kind()), meter.value().name()),
        dimension == null ? null : Dimension.of(dimension),
        cut);
  }

  private List<AppRange> ranges(MeterRange range) {
    // Refuses one that ends before it begins, also of a customer without apps.
    var unused = new AppRange(range.customer(), range.from(), range.to());
    List<AppRange> ranges = new ArrayList<>();
    for (AppSpan span : customers.spans(range.customer())) {
      Instant from = span.from().isAfter(range.from()) ? span.from() : range.from();
      Instant to = span.to() != null && span.to().isBefore(range.to()) ? span.to() : range.to();
      if (to.isAfter(from)) {
        ranges.add(new AppRange(span.app(), from, to));
      }
    }
    return ranges;
  }

  private static Measure measure(Aggregation aggregation) {
    return switch (aggregation) {
      case SUM -> Measure.SUM;
      case COUNT -> Measure.COUNT;
      case MAX -> Measure.MAX;
      case LATEST -> Measure.LATEST;
      case UNIQUE -> Measure.UNIQUE;
    };
  }

  private static EventField field(Meter.ValueKind kind) {
    return switch (kind) {
      case USAGE -> EventField.USAGE;
      case ONE -> EventField.ONE;
      case QUANTITY -> EventField.QUANTITY;
      case SUBJECT -> EventField.SUBJECT;
      case SESSION -> EventField.SESSION;
      case EXECUTION -> EventField.EXECUTION;
      case METADATA -> EventField.METADATA;
    };
  }
}
