package io.billingsdk.server.ledger;

import io.billingsdk.server.common.RequestRefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A question to {@link UsageTotals}.
 *
 * @param from the first moment of use that counts
 * @param to the end, exclusive: after {@code from}, by at most 400 days
 * @param bucket into which spans the range is divided
 * @param zone by whose clock
 * @param groupBy at most 8, none twice; none: all in one
 * @param filter which events count
 * @param quantities names of quantities that are summed up beside the usage: at most 16, none twice
 */
public record TotalsQuery(
    Instant from,
    Instant to,
    Bucket bucket,
    ZoneId zone,
    List<Dimension> groupBy,
    EventFilter filter,
    List<String> quantities) {
  /** The longest range, in days: as old as an event may be when it comes. */
  public static final int MAX_DAYS = 400;

  private static final int MAX_DIMENSIONS = 8;
  private static final int MAX_QUANTITIES = 16;
  private static final Pattern QUANTITY = Pattern.compile("[a-z0-9_]{1,64}");

  // A range around them is within what PostgreSQL and the calendar can hold.
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /** Refuses what is beyond the bounds. */
  public TotalsQuery {
    from = from.truncatedTo(ChronoUnit.MICROS);
    to = to.truncatedTo(ChronoUnit.MICROS);
    requireRange(from, to);
    groupBy = List.copyOf(groupBy);
    if (groupBy.size() > MAX_DIMENSIONS || groupBy.stream().distinct().count() != groupBy.size()) {
      throw RequestRefusedException.invalid(
          "groupBy", "at most " + MAX_DIMENSIONS + " dimensions, none twice");
    }
    quantities = List.copyOf(quantities);
    requireQuantities(quantities);
  }

  /** Sums of usage alone. */
  public TotalsQuery(
      Instant from,
      Instant to,
      Bucket bucket,
      ZoneId zone,
      List<Dimension> groupBy,
      EventFilter filter) {
    this(from, to, bucket, zone, groupBy, filter, List.of());
  }

  private static void requireQuantities(List<String> names) {
    if (names.size() > MAX_QUANTITIES
        || names.stream().distinct().count() != names.size()
        || !names.stream().allMatch(each -> QUANTITY.matcher(each).matches())) {
      throw RequestRefusedException.invalid(
          "quantity",
          "at most "
              + MAX_QUANTITIES
              + " names of 1 to 64 of a-z 0-9 _, none twice, with commas between them");
    }
  }

  /** Refuses a range that no question may have. */
  static void requireRange(Instant from, Instant to) {
    if (from.isBefore(EARLIEST) || from.isAfter(LATEST)) {
      throw RequestRefusedException.invalid("from", "a time of the years 2000 to 9998");
    }
    if (!to.isAfter(from) || Duration.between(from, to).compareTo(Duration.ofDays(MAX_DAYS)) > 0) {
      throw RequestRefusedException.invalid("to", "after from, by at most " + MAX_DAYS + " days");
    }
  }

  /** Whether it asks for what only the events hold. */
  boolean needsEvents() {
    return filter.needsEvents()
        || !quantities.isEmpty()
        || groupBy.stream().anyMatch(Dimension.Metadata.class::isInstance);
  }
}
