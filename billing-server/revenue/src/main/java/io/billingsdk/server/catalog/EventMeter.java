package io.billingsdk.server.catalog;

import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.ledger.AppendedEvent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a charge is rated by, reckoned from single events without a database: the same as {@link
 * MeterReader} reads. Pure functions.
 */
public final class EventMeter {
  private EventMeter() {}

  /**
   * The usage of a charge.
   *
   * @param meters by slug, at least those of the charge
   * @param events by the slugs of meters, in the order of their use; each with its usage after all
   *     corrections
   * @throws RequestRefusedException when prices vary by something that the events do not say
   */
  public static Usage usage(
      PlanCharge charge, Map<String, Meter> meters, Map<String, List<AppendedEvent>> events) {
    if (charge.form() == UsageForm.PEAKS) {
      Map<String, Quantity> peaks = new LinkedHashMap<>();
      charge
          .peaks()
          .forEach(
              slug ->
                  peaks.put(
                      slug, quantity(meter(meters, slug), events.getOrDefault(slug, List.of()))));
      return new Usage.Peaks(peaks);
    }
    String slug = charge.meter();
    if (slug == null) {
      return Usage.none();
    }
    Meter meter = meter(meters, slug);
    @Nullable String dimension = charge.charge().dimension();
    Map<String, List<AppendedEvent>> groups = new LinkedHashMap<>();
    for (AppendedEvent each : events.getOrDefault(slug, List.of())) {
      groups
          .computeIfAbsent(
              dimension == null ? "" : value(dimension, each), none -> new ArrayList<>())
          .add(each);
    }
    Map<String, Usage> byValue = new LinkedHashMap<>();
    groups.forEach((value, all) -> byValue.put(value, usage(charge, meter, all)));
    return dimension == null ? byValue.getOrDefault("", Usage.none()) : new Usage.ByValue(byValue);
  }

  private static Meter meter(Map<String, Meter> meters, String slug) {
    Meter found = meters.get(slug);
    if (found == null) {
      throw Meters.none(slug);
    }
    return found;
  }

  private static Usage usage(PlanCharge charge, Meter meter, List<AppendedEvent> events) {
    return charge.form() == UsageForm.EVENTS
        ? new Usage.Events(events.stream().map(each -> Quantity.of(meter.valueOf(each))).toList())
        : Usage.of(quantity(meter, events));
  }

  private static Quantity quantity(Meter meter, List<AppendedEvent> events) {
    if (events.isEmpty()) {
      return Quantity.ZERO;
    }
    return Quantity.of(
        switch (meter.aggregation()) {
          case SUM -> events.stream().map(meter::valueOf).reduce(BigDecimal.ZERO, BigDecimal::add);
          case COUNT -> BigDecimal.valueOf(events.size());
          case MAX -> events.stream().map(meter::valueOf).reduce(BigDecimal.ZERO, BigDecimal::max);
          case LATEST -> meter.valueOf(events.get(events.size() - 1));
          case UNIQUE -> BigDecimal.valueOf(different(meter, events));
        });
  }

  private static long different(Meter meter, List<AppendedEvent> events) {
    Set<String> values = new HashSet<>();
    for (AppendedEvent each : events) {
      @Nullable String value =
          switch (meter.value().kind()) {
            case SUBJECT -> each.details().subject();
            case SESSION -> each.details().session();
            case EXECUTION -> each.details().execution();
            case METADATA -> metadata(each, meter.value().name());
            case USAGE, ONE, QUANTITY -> meter.valueOf(each).stripTrailingZeros().toPlainString();
          };
      if (value != null) {
        values.add(value);
      }
    }
    return values.size();
  }

  private static String value(String dimension, AppendedEvent event) {
    if (dimension.startsWith("metadata.")) {
      @Nullable String value = metadata(event, dimension.substring("metadata.".length()));
      return value == null ? "" : value;
    }
    return switch (dimension) {
      case "model" -> event.model();
      case "module" -> event.module();
      case "appId" -> String.valueOf(event.app());
      default ->
          throw RequestRefusedException.invalid(
              "dimension", "model, module, appId or metadata.NAME: a list of events has no keys");
    };
  }

  private static @Nullable String metadata(AppendedEvent event, String name) {
    return event.metadata() == null ? null : MetadataTexts.of(event.metadata()).get(name);
  }
}
