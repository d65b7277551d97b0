package io.billingsdk.cli.remote;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The time of use that is meant.
 *
 * @param from the first moment
 * @param to the end of the range, exclusive
 */
record TimeRange(Instant from, Instant to) {
  static final String DEFAULT_LAST = "7d";

  private static final Pattern LAST = Pattern.compile("([1-9][0-9]{0,4})([mhdw])");
  private static final int DAYS_OF_A_WEEK = 7;

  /**
   * Reads what was given; null is what was not.
   *
   * @param zone whose midnight a date without a time is
   * @throws IllegalArgumentException naming the option and what it must be
   */
  static TimeRange of(
      @Nullable String from, @Nullable String to, @Nullable String last, ZoneId zone, Instant now) {
    if (last != null && (from != null || to != null)) {
      throw new IllegalArgumentException("give either --last, or --from and --to");
    }
    Instant end = to == null ? now.truncatedTo(ChronoUnit.MILLIS) : time("--to", to, zone);
    Instant begin =
        from != null
            ? time("--from", from, zone)
            : end.minus(duration(last == null ? DEFAULT_LAST : last));
    if (!begin.isBefore(end)) {
      throw new IllegalArgumentException(
          "--from must be before --to, but " + begin + " is not before " + end);
    }
    return new TimeRange(begin, end);
  }

  /** A moment, or the midnight of a date. */
  static Instant time(String option, String text, ZoneId zone) {
    try {
      return text.length() <= "2027-01-31".length()
          ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException malformed) {
      throw new IllegalArgumentException(
          option + " must be as 2027-01-31 or 2027-01-31T00:00:00Z, but was " + text, malformed);
    }
  }

  /** {@code 24h}. */
  static Duration duration(String text) {
    Matcher last = LAST.matcher(text.toLowerCase(Locale.ROOT));
    if (!last.matches()) {
      throw new IllegalArgumentException(
          "--last must be a number of minutes, hours, days or weeks, as 90m, 24h, 7d or 4w, but was"
              + " "
              + text);
    }
    long number = Long.parseLong(last.group(1));
    return switch (last.group(2)) {
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(number * DAYS_OF_A_WEEK);
    };
  }
}
