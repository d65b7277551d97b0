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
import java.util.ArrayList;
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

  private UseHistory(UsageProfile profile) {
    this.profile = profile;
  }

  static ObjectNode of(
      Handle handle, Collection<UUID> people, UsageProfile profile, HistoryQuestion question) {
    SortedMap<LocalDate, Range> buckets = question.ranges();
    SameElapsed same = SameElapsed.of(question.days(), question.bucket(), question.now());
    List<Range> ranges = new ArrayList<>(buckets.values());
    ranges.add(whole(same.current()));
    ranges.add(before(same));
    List<Tally> tallies = TallyRows.in(handle, people, profile.name(), ranges);
    UseHistory history = new UseHistory(profile);
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("bucket", question.bucket().name().toLowerCase(Locale.ROOT));
    answer.put("zone", question.days().zone().getId());
    ArrayNode rows = answer.putArray("rows");
    int place = 0;
    for (LocalDate day : buckets.keySet()) {
      ObjectNode row = rows.addObject();
      row.put("date", day.toString());
      row.set("counters", history.counters(tallies.get(place++)));
    }
    answer.set("comparison", history.comparison(tallies.get(place), tallies.get(place + 1)));
    return answer;
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

  private static Range before(SameElapsed same) {
    Range before = whole(same.before());
    Instant start = same.current().from();
    return before.to().isAfter(start) ? new Range(before.from(), start) : before;
  }

  private ObjectNode comparison(Tally now, Tally then) {
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
