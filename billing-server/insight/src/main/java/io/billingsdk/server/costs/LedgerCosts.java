package io.billingsdk.server.costs;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.margin.CostSource;
import io.billingsdk.server.margin.UsedModels;
import io.billingsdk.server.margin.UsedModels.UsedModel;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The costs of events, for margins. The cost of a model is known when each of its events has one,
 * in one currency; otherwise nobody knows it, which is not 0. Thread-safe.
 */
final class LedgerCosts implements CostSource {
  /** Of a cost that nobody knows: the currency of nothing. */
  private static final String NONE = "USD";

  private static final String SUMS =
      """
      SELECT asked.place, c.service, c.model, min(c.currency) AS currency,
        count(DISTINCT c.currency) AS currencies, coalesce(sum(c.amount), 0) AS amount,
        count(*) FILTER (WHERE c.stream_id <> 0) AS events,
        count(*) FILTER (WHERE c.state = 'unknown') AS unknown
      FROM unnest(:places::bigint[], :apps::text[], :froms::timestamptz[], :tos::timestamptz[])
        AS asked (place, app_id, first, beyond)
      JOIN cost c ON c.app_id = asked.app_id AND c.at >= asked.first AND c.at < asked.beyond
      WHERE c.at >= :least AND c.at < :most
      GROUP BY asked.place, c.service, c.model
      """;

  private final Database database;

  LedgerCosts(Database database) {
    this.database = database;
  }

  private record Key(long place, String service, String model) {}

  private record Sum(
      @Nullable String currency, long currencies, BigDecimal amount, long events, long unknown) {
    boolean isKnownOf(BigDecimal all) {
      return unknown == 0 && currencies == 1 && BigDecimal.valueOf(events).compareTo(all) == 0;
    }
  }

  @Override
  public List<List<ModelCost>> of(List<List<AppRange>> places) {
    Map<Key, Sum> sums = sums(places);
    Map<Key, BigDecimal> events = events(places);
    List<List<UsedModel>> used = new UsedModels(database).of(places);
    List<List<ModelCost>> all = new ArrayList<>();
    for (int place = 0; place < used.size(); place++) {
      List<ModelCost> costs = new ArrayList<>();
      for (UsedModel each : used.get(place)) {
        Key key = new Key(place, each.module(), each.model());
        costs.add(cost(each, sums.get(key), events.getOrDefault(key, BigDecimal.ZERO)));
      }
      all.add(costs);
    }
    return all;
  }

  private static ModelCost cost(UsedModel used, @Nullable Sum sum, BigDecimal events) {
    @Nullable String found = sum == null ? null : sum.currency();
    String currency = found == null ? NONE : found;
    BigDecimal cost = sum != null && sum.isKnownOf(events) ? sum.amount() : null;
    return new ModelCost(used.module(), used.model(), used.usage(), currency, cost);
  }

  private Map<Key, BigDecimal> events(List<List<AppRange>> places) {
    Map<Key, BigDecimal> events = new HashMap<>();
    List<List<UsedModel>> counted = UsedModels.ofEvents(database).of(places);
    for (int place = 0; place < counted.size(); place++) {
      for (UsedModel each : counted.get(place)) {
        events.put(new Key(place, each.module(), each.model()), each.usage());
      }
    }
    return events;
  }

  private Map<Key, Sum> sums(List<List<AppRange>> places) {
    List<Long> numbers = new ArrayList<>();
    List<AppRange> ranges = new ArrayList<>();
    for (int place = 0; place < places.size(); place++) {
      for (AppRange each : places.get(place)) {
        numbers.add((long) place);
        ranges.add(each);
      }
    }
    return ranges.isEmpty() ? Map.of() : sums(numbers, ranges);
  }

  private Map<Key, Sum> sums(List<Long> places, List<AppRange> ranges) {
    List<Instant> froms = ranges.stream().map(AppRange::from).toList();
    List<Instant> tos = ranges.stream().map(AppRange::to).toList();
    Map<Key, Sum> sums = new HashMap<>();
    database.read(
        handle -> {
          handle
              .createQuery(SUMS)
              .bind("places", SqlArrays.numbers(places))
              .bind("apps", SqlArrays.texts(ranges.stream().map(AppRange::app).toList()))
              .bind("froms", SqlArrays.times(froms))
              .bind("tos", SqlArrays.times(tos))
              .bind("least", froms.stream().min(Instant::compareTo).orElseThrow())
              .bind("most", tos.stream().max(Instant::compareTo).orElseThrow())
              .map(ResultRow.to(row -> Map.entry(key(row), sum(row))))
              .forEach(each -> sums.put(each.getKey(), each.getValue()));
          return sums.size();
        });
    return sums;
  }

  private static Key key(ResultRow row) {
    return new Key(row.number("place"), row.text("service"), row.text("model"));
  }

  private static Sum sum(ResultRow row) {
    return new Sum(
        row.textOrNull("currency"),
        row.number("currencies"),
        row.decimal("amount"),
        row.number("events"),
        row.number("unknown"));
  }
}
