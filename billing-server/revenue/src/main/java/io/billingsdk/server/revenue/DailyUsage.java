package io.billingsdk.server.revenue;

import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Usage of a charge day by day, and what it will be: the median of the last four same weekdays, so
 * that a single wild day changes nothing. By the values of a dimension, if there is one. Immutable.
 */
final class DailyUsage {
  private static final int WEEKS = 4;
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final int DECIMALS = 18;

  private final LocalDate first;
  private final List<Map<String, BigDecimal>> days;

  /**
   * Of days.
   *
   * @param first the first day
   * @param days the usage of each, an empty text for usage without a value
   */
  DailyUsage(LocalDate first, List<Map<String, BigDecimal>> days) {
    this.first = first;
    this.days = List.copyOf(days);
  }

  /** The values of a usage that is a sum or a count; none of nothing. */
  static Map<String, BigDecimal> values(Usage usage) {
    Map<String, BigDecimal> values = new TreeMap<>();
    if (usage instanceof Usage.ByValue by) {
      by.byValue().forEach((value, each) -> put(values, value, each));
    } else {
      put(values, "", usage);
    }
    return values;
  }

  private static void put(Map<String, BigDecimal> values, String value, Usage usage) {
    if (usage instanceof Usage.Total total && total.quantity().value().signum() > 0) {
      values.put(value, total.quantity().value());
    }
  }

  /** The usage that a charge is rated by. */
  static Usage usage(Map<String, BigDecimal> values, @Nullable String dimension) {
    if (dimension == null) {
      return Usage.of(Quantity.of(values.getOrDefault("", BigDecimal.ZERO)));
    }
    Map<String, Usage> by = new TreeMap<>();
    values.forEach((value, amount) -> by.put(value, Usage.of(Quantity.of(amount))));
    return new Usage.ByValue(by);
  }

  /** The first day with usage; null for none. */
  @Nullable LocalDate firstUsed() {
    for (int i = 0; i < days.size(); i++) {
      if (!days.get(i).isEmpty()) {
        return first.plusDays(i);
      }
    }
    return null;
  }

  /**
   * The usage of a time.
   *
   * @param to its end, exclusive
   * @param known the day before which usage is known; from it on it is foretold
   */
  Map<String, BigDecimal> of(LocalDate from, LocalDate to, LocalDate known) {
    Map<String, BigDecimal> sum = new TreeMap<>();
    Map<DayOfWeek, Map<String, BigDecimal>> foretold = new EnumMap<>(DayOfWeek.class);
    for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
      Map<String, BigDecimal> usage =
          day.isBefore(known)
              ? at(day)
              : foretold.computeIfAbsent(day.getDayOfWeek(), weekday -> foretell(weekday, known));
      usage.forEach((value, amount) -> sum.merge(value, amount, BigDecimal::add));
    }
    return sum;
  }

  private Map<String, BigDecimal> at(LocalDate day) {
    long place = ChronoUnit.DAYS.between(first, day);
    return place < 0 || place >= days.size() ? Map.of() : days.get((int) place);
  }

  private Map<String, BigDecimal> foretell(DayOfWeek weekday, LocalDate known) {
    LocalDate begin = firstUsed();
    if (begin == null || !begin.isBefore(known)) {
      return Map.of();
    }
    List<Map<String, BigDecimal>> like = new ArrayList<>();
    LocalDate day = known.minusDays(1);
    while (day.getDayOfWeek() != weekday) {
      day = day.minusDays(1);
    }
    for (; like.size() < WEEKS && !day.isBefore(begin); day = day.minusWeeks(1)) {
      like.add(at(day));
    }
    if (like.isEmpty()) {
      // Less than a week: all days are alike as far as anybody knows.
      begin.datesUntil(known).forEach(each -> like.add(at(each)));
    }
    return medians(like);
  }

  private static Map<String, BigDecimal> medians(List<Map<String, BigDecimal>> like) {
    Set<String> values = new TreeSet<>();
    like.forEach(each -> values.addAll(each.keySet()));
    Map<String, BigDecimal> medians = new TreeMap<>();
    for (String value : values) {
      List<BigDecimal> sorted =
          like.stream().map(each -> each.getOrDefault(value, BigDecimal.ZERO)).sorted().toList();
      BigDecimal upper = sorted.get(sorted.size() / 2);
      BigDecimal lower = sorted.get((sorted.size() - 1) / 2);
      medians.put(value, upper.add(lower).divide(TWO, DECIMALS, RoundingMode.HALF_UP));
    }
    return medians;
  }
}
