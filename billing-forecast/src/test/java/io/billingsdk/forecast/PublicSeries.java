package io.billingsdk.forecast;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Daily series of CSV files with a time in the first column and a number in the last one, as those
 * of the Numenta Anomaly Benchmark. Values of a day are added up; the first and the last day are
 * left out, since they may be parts.
 */
final class PublicSeries {
  private static final int LEAST_DAYS = 42;

  private PublicSeries() {}

  static List<UsageSeries> read(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(file -> file.toString().endsWith(".csv")).sorted().toList();
    }
    List<UsageSeries> series = new ArrayList<>();
    for (Path file : files) {
      SortedMap<LocalDate, BigDecimal> days = days(Files.readAllLines(file));
      if (days.size() >= LEAST_DAYS + 2) {
        series.add(series(days));
      }
    }
    return series;
  }

  private static SortedMap<LocalDate, BigDecimal> days(List<String> lines) {
    SortedMap<LocalDate, BigDecimal> days = new TreeMap<>();
    for (String line : lines) {
      String plain = line.replace("\"", "");
      if (plain.matches("\\d{4}-\\d\\d-\\d\\d.*,[0-9.]+")) {
        BigDecimal value = new BigDecimal(plain.substring(plain.lastIndexOf(',') + 1));
        days.merge(LocalDate.parse(plain.substring(0, 10)), value, BigDecimal::add);
      }
    }
    return days;
  }

  private static UsageSeries series(SortedMap<LocalDate, BigDecimal> days) {
    LocalDate first = days.firstKey().plusDays(1);
    List<BigDecimal> values = new ArrayList<>();
    for (LocalDate day = first; day.isBefore(days.lastKey()); day = day.plusDays(1)) {
      values.add(days.getOrDefault(day, BigDecimal.ZERO));
    }
    return UsageSeries.days(first, values);
  }
}
