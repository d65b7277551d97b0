package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.costs.LocalDays;
import io.billingsdk.costs.LocalDays.Range;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Counters by local day or month, and those of now beside those of as much of the time before.
 * Quarters of an hour are the smallest part: the comparison is of whole ones.
 */
final class UseHistory {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int PLACES = 2;

  private final UsageProfile profile;
  private final SortedMap<Instant, Tally> quarters;

  private UseHistory(UsageProfile profile, SortedMap<Instant, Tally> quarters) {
    this.profile = profile;
    this.quarters = quarters;
  }

  static ObjectNode of(
      Handle handle, Collection<UUID> people, UsageProfile profile, HistoryQuestion question) {
    SortedMap<LocalDate, Range> ranges = question.ranges();
    SameElapsed same = SameElapsed.of(question.days(), question.bucket(), question.now());
    Instant first = ranges.get(ranges.firstKey()).from();
    Instant from = first.isBefore(same.before().from()) ? first : same.before().from();
    Instant to = ranges.get(ranges.lastKey()).to();
    UseHistory history =
        new UseHistory(profile, TallyRows.quarters(handle, people, profile.name(), from, to));
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("bucket", question.bucket().name().toLowerCase(Locale.ROOT));
    answer.put("zone", question.days().zone().getId());
    ArrayNode rows = answer.putArray("rows");
    ranges.forEach(
        (day, range) -> {
          ObjectNode row = rows.addObject();
          row.put("date", day.toString());
          row.set("counters", history.counters(history.in(range)));
        });
    answer.set("comparison", history.comparison(same));
    return answer;
  }

  private Tally in(Range range) {
    return quarters.subMap(range.from(), range.to()).values().stream()
        .reduce(Tally.EMPTY, Tally::plus);
  }

  private List<String> names() {
    return profile.counters().entrySet().stream()
        .filter(each -> each.getValue().by() == null)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Each of them, also those of 0. */
  private ObjectNode counters(Tally tally) {
    ObjectNode counters = JsonNodeFactory.instance.objectNode();
    names().forEach(name -> counters.set(name, Decimals.json(tally.amount(name))));
    return counters;
  }

  /** The quarter that runs is in both of them. */
  private static Range whole(Range range) {
    Instant quarter = LocalDays.quarterOf(range.to());
    boolean isWhole = quarter.equals(range.to());
    return new Range(range.from(), isWhole ? quarter : quarter.plus(Duration.ofMinutes(15)));
  }

  private ObjectNode comparison(SameElapsed same) {
    Range before = whole(same.before());
    Instant start = same.current().from();
    Tally now = in(whole(same.current()));
    Tally then = in(before.to().isAfter(start) ? new Range(before.from(), start) : before);
    ObjectNode comparison = JsonNodeFactory.instance.objectNode();
    comparison.set("current", counters(now));
    comparison.set("before", counters(then));
    ObjectNode changes = comparison.putObject("change_percent");
    names().forEach(name -> changes.set(name, change(now.amount(name), then.amount(name))));
    return comparison;
  }

  /** Null where there was nothing before: no share of nothing. */
  private static JsonNode change(BigDecimal now, BigDecimal before) {
    if (before.signum() == 0) {
      return NullNode.instance;
    }
    return Decimals.json(
        now.subtract(before).multiply(HUNDRED).divide(before, PLACES, RoundingMode.HALF_UP));
  }
}
