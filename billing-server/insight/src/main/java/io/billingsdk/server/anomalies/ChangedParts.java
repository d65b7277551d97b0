package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.Cause;
import io.billingsdk.forecast.CauseFinder;
import io.billingsdk.forecast.Fact;
import io.billingsdk.server.anomalies.CostSums.CostPart;
import io.billingsdk.server.anomalies.UsageSums.Watched;
import io.billingsdk.server.ledger.HourlyUsage.TimeRange;
import io.billingsdk.server.ledger.HourlyUsage.UsagePart;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The parts of an unusual bucket beside those of the same hours of the last four weeks. */
final class ChangedParts {
  private static final int WEEKS = 4;
  private static final int CAUSES = 3;
  private static final BigDecimal OF_WEEKS = BigDecimal.valueOf(WEEKS);

  /** Values that bring at least this share of a change explain it. */
  private static final BigDecimal MOST_OF_IT = new BigDecimal("0.8");

  private static final int MOST_VALUES = 10;

  private final Map<Map<String, String>, Sums> parts = new HashMap<>();

  private static final class Sums {
    private BigDecimal usualQuantity = BigDecimal.ZERO;
    private BigDecimal usualAmount = BigDecimal.ZERO;
    private BigDecimal quantity = BigDecimal.ZERO;
    private BigDecimal amount = BigDecimal.ZERO;

    BigDecimal change() {
      return amount.subtract(usual(usualAmount));
    }
  }

  private ChangedParts() {}

  /** Those of the usage of a value. */
  static ChangedParts ofUsage(UsageSums sums, Watched watched, SeriesName name, Instant bucket) {
    ChangedParts changed = new ChangedParts();
    for (int week = 0; week <= WEEKS; week++) {
      for (UsagePart each : sums.parts(watched, name.name(), range(name, bucket, week))) {
        Map<String, String> where =
            Map.of("app", each.app(), "service", each.module(), "model", each.model());
        changed.add(where, week == 0, each.usage(), each.usage());
      }
    }
    return changed;
  }

  /** Those of a cost. */
  static ChangedParts ofCost(CostSums sums, SeriesName name, Instant bucket) {
    ChangedParts changed = new ChangedParts();
    for (int week = 0; week <= WEEKS; week++) {
      for (CostPart each : sums.parts(name, range(name, bucket, week))) {
        Map<String, String> where = Map.of("app", each.app(), "model", each.model());
        changed.add(where, week == 0, each.quantity(), each.amount());
      }
    }
    return changed;
  }

  private static TimeRange range(SeriesName name, Instant bucket, int week) {
    Instant from = bucket.minus(Duration.ofDays(7L * week));
    return new TimeRange(from, from.plus(1, SeriesMaker.unit(name.size())));
  }

  private void add(
      Map<String, String> where, boolean isNow, BigDecimal quantity, BigDecimal amount) {
    Sums sums = parts.computeIfAbsent(where, none -> new Sums());
    if (isNow) {
      sums.quantity = sums.quantity.add(quantity);
      sums.amount = sums.amount.add(amount);
    } else {
      sums.usualQuantity = sums.usualQuantity.add(quantity);
      sums.usualAmount = sums.usualAmount.add(amount);
    }
  }

  private static BigDecimal usual(BigDecimal ofFourWeeks) {
    return SeriesMaker.bounded(ofFourWeeks.divide(OF_WEEKS));
  }

  /** Where the change came from. */
  List<Cause> causes() {
    Set<String> telling = telling();
    List<Fact> facts = new ArrayList<>();
    parts.forEach(
        (where, sums) -> {
          Map<String, String> shown = new HashMap<>(where);
          shown.keySet().retainAll(telling);
          facts.add(
              new Fact(
                  shown,
                  usual(sums.usualQuantity).max(BigDecimal.ZERO),
                  usual(sums.usualAmount),
                  SeriesMaker.bounded(sums.quantity).max(BigDecimal.ZERO),
                  SeriesMaker.bounded(sums.amount)));
        });
    return CauseFinder.rank(facts, CAUSES);
  }

  /** The dimensions with two values at least; if there is none, all of them. */
  private Set<String> telling() {
    Map<String, Set<String>> values = new HashMap<>();
    parts
        .keySet()
        .forEach(
            where ->
                where.forEach(
                    (dimension, value) ->
                        values.computeIfAbsent(dimension, none -> new HashSet<>()).add(value)));
    Set<String> telling = new HashSet<>();
    values.forEach(
        (dimension, each) -> {
          if (each.size() > 1) {
            telling.add(dimension);
          }
        });
    return telling.isEmpty() ? values.keySet() : telling;
  }

  /**
   * What explains most of the change: the incident of the largest of those values of a dimension
   * that have one, if together they bring most of it.
   *
   * @param incident that of a value, if it has one
   */
  Optional<Long> explaining(String dimension, Function<String, Optional<Long>> incident) {
    BigDecimal whole = BigDecimal.ZERO;
    Map<String, BigDecimal> changes = new HashMap<>();
    for (Map.Entry<Map<String, String>, Sums> each : parts.entrySet()) {
      BigDecimal change = each.getValue().change();
      whole = whole.add(change);
      changes.merge(each.getKey().getOrDefault(dimension, ""), change, BigDecimal::add);
    }
    BigDecimal missing = whole.abs().multiply(MOST_OF_IT);
    Optional<Long> first = Optional.empty();
    for (String value : largest(changes, whole.signum())) {
      Optional<Long> own = incident.apply(value);
      if (own.isPresent()) {
        first = first.or(() -> own);
        missing = missing.subtract(changes.getOrDefault(value, BigDecimal.ZERO).abs());
      }
    }
    return missing.signum() <= 0 ? first : Optional.empty();
  }

  /** The values with the largest changes in a direction. */
  private static List<String> largest(Map<String, BigDecimal> changes, int sign) {
    return changes.entrySet().stream()
        .filter(each -> sign != 0 && each.getValue().signum() == sign)
        .sorted(
            Map.Entry.<String, BigDecimal>comparingByValue(Comparator.comparing(BigDecimal::abs))
                .reversed())
        .limit(MOST_VALUES)
        .map(Map.Entry::getKey)
        .toList();
  }
}
