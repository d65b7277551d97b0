package io.billingsdk.server.statistics;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.statistics.SameElapsed.Bucket;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a question about the past asks for.
 *
 * @param days the days of its zone
 * @param count how many days or months, with the one that runs
 */
record HistoryQuestion(Bucket bucket, LocalDays days, int count, Instant now) {
  private static final Set<String> ZONES = Set.copyOf(ZoneId.getAvailableZoneIds());
  private static final int MOST_DAYS = 366;
  private static final int MOST_MONTHS = 36;

  static HistoryQuestion of(Request request, Instant now) {
    Bucket bucket =
        switch (request.parameter("bucket").orElse("day")) {
          case "day" -> Bucket.DAY;
          case "month" -> Bucket.MONTH;
          default -> throw Request.invalid("bucket", "one of day, month");
        };
    String zone = request.parameter("zone").orElse("UTC");
    if (!ZONES.contains(zone)) {
      throw Request.invalid("zone", "a time zone, as Asia/Kathmandu");
    }
    int most = bucket == Bucket.DAY ? MOST_DAYS : MOST_MONTHS;
    int usual = bucket == Bucket.DAY ? 30 : 12;
    String text = request.parameter("count").orElse(Integer.toString(usual));
    if (!text.matches("[0-9]{1,4}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > most) {
      throw Request.invalid("count", "a whole number from 1 to " + most);
    }
    return new HistoryQuestion(bucket, new LocalDays(ZoneId.of(zone)), Integer.parseInt(text), now);
  }

  /** The time of each bucket by its first day, the oldest first. */
  SortedMap<LocalDate, Range> ranges() {
    SortedMap<LocalDate, Range> ranges = new TreeMap<>();
    LocalDate first = SameElapsed.first(bucket, days.dayOf(now));
    for (int i = 0; i < count; i++) {
      LocalDate next = bucket == Bucket.DAY ? first.plusDays(1) : first.plusMonths(1);
      ranges.put(first, days.days(first, next.minusDays(1)));
      first = bucket == Bucket.DAY ? first.minusDays(1) : first.minusMonths(1);
    }
    return ranges;
  }
}
