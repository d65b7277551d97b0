package io.billingsdk.server.performance;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Period;
import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.http.Request;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a request asks for.
 *
 * @param period the length of time
 * @param days the days of its zone
 * @param now the moment of the request
 * @param currency of all amounts
 */
record Question(Period period, LocalDays days, Instant now, String currency) {
  /** Parameters that each of them may have. */
  static final String[] PARAMETERS = {"period", "zone", "currency", "format"};

  private static final Set<String> ZONES = new TreeSet<>(ZoneId.getAvailableZoneIds());
  private static final String PERIODS = "one of daily, weekly, monthly";
  private static final int NUMBER_CHARS = 6;

  /** Reads it; the period is this one if none is given. */
  static Question of(Request request, Period usual, Instant now) {
    Period period = request.parameter("period").map(Question::period).orElse(usual);
    ZoneId zone = zone(request.parameter("zone").orElse("UTC"));
    return new Question(period, new LocalDays(zone), now, currency(request));
  }

  /** The currency of all amounts. */
  static String currency(Request request) {
    String currency = request.parameter("currency").orElse("USD");
    if (!currency.matches("[A-Z]{3}")) {
      throw Request.invalid("currency", "an ISO 4217 code, as USD");
    }
    return currency;
  }

  private static Period period(String text) {
    return Arrays.stream(Period.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> Request.invalid("period", PERIODS));
  }

  private static ZoneId zone(String text) {
    try {
      // An offset by itself is a zone too, but "Z+1" and the like are none.
      if (ZONES.contains(text) || text.matches("[+-][0-9]{2}:(00|15|30|45)")) {
        return ZoneId.of(text);
      }
    } catch (DateTimeException unknown) {
      throw Request.invalid("zone", "a time zone, as Asia/Kathmandu");
    }
    throw Request.invalid("zone", "a time zone, as Asia/Kathmandu");
  }

  /** A parameter that is a whole number. */
  static int number(Request request, String name, int usual, int most) {
    String text = request.parameter(name).orElse(Integer.toString(usual));
    if (text.length() <= NUMBER_CHARS && text.matches("[0-9]+")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    throw Request.invalid(name, "a whole number from 1 to " + most);
  }

  /** The local day, week or month so far; the quarter of an hour that runs is in it. */
  Range soFar() {
    return new Range(days.soFar(period, now).from(), Pieces.endOfQuarter(now));
  }

  /** A part of a trend, with the day on which it begins. */
  record Bucket(LocalDate date, Range range) {}

  /** The days, weeks or months that the last days are in; the first may be cut. */
  List<Bucket> buckets(int count) {
    LocalDate today = days.dayOf(now);
    LocalDate first = today.minusDays(count - 1L);
    TreeSet<LocalDate> begins = new TreeSet<>();
    for (LocalDate day : days.list(first, today)) {
      begins.add(latest(first, begin(day)));
    }
    return begins.stream()
        .map(
            day -> {
              LocalDate next = begins.higher(day);
              return new Bucket(day, days.days(day, next == null ? today : next.minusDays(1)));
            })
        .toList();
  }

  private static LocalDate latest(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  private LocalDate begin(LocalDate day) {
    return switch (period) {
      case DAILY -> day;
      case WEEKLY -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
      case MONTHLY -> day.withDayOfMonth(1);
    };
  }
}
