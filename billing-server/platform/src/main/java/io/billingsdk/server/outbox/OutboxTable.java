package io.billingsdk.server.outbox;

import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Sampled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What waits in the outbox, at all servers, for the metrics. Thread-safe. */
final class OutboxTable implements AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** Two parts; each has an index without what is delivered. */
  private static final String OPEN =
      """
      SELECT subscriber, state, count(*) AS deliveries,
        extract(epoch FROM now() - min(created_at))::double precision AS oldest
      FROM outbox_delivery WHERE state = 'pending' GROUP BY subscriber, state
      UNION ALL
      SELECT subscriber, state, count(*), 0 FROM outbox_delivery
      WHERE state = 'parked' GROUP BY subscriber, state
      """;

  private record Open(double deliveries, double oldest) {
    static final Open NONE = new Open(0, 0);
  }

  private final Sampled<Map<String, Open>> open;

  OutboxTable(Database database) {
    open = new Sampled<>("billing-outbox-figures", FRESH, () -> read(database));
  }

  private static Map<String, Open> read(Database database) {
    return database.read(
        handle -> {
          Map<String, Open> found = new HashMap<>();
          handle
              .createQuery(OPEN)
              .map(
                  (row, context) ->
                      Map.entry(
                          row.getString("state") + " " + row.getString("subscriber"),
                          new Open(row.getDouble("deliveries"), row.getDouble("oldest"))))
              .forEach(each -> found.put(each.getKey(), each.getValue()));
          return found;
        });
  }

  List<Figure> figures(List<OutboxSubscriber> subscribers) {
    List<Figure> figures = new ArrayList<>();
    for (OutboxSubscriber each : subscribers) {
      figures.add(
          figure(
              "pending", "events that wait for a subscriber", each, "pending", Open::deliveries));
      figures.add(
          figure(
              "oldest.pending.seconds",
              "how long the oldest of them has waited",
              each,
              "pending",
              Open::oldest));
      figures.add(
          figure(
              "parked",
              "events that failed too often at a subscriber; the server stopped trying",
              each,
              "parked",
              Open::deliveries));
    }
    return figures;
  }

  private Figure figure(
      String name,
      String description,
      OutboxSubscriber subscriber,
      String state,
      ToDoubleFunction<Open> value) {
    String key = state + " " + subscriber.name();
    return new Figure(
        "billing.outbox." + name,
        description,
        Map.of("subscriber", subscriber.name()),
        /* counts= */ false,
        () -> {
          Map<String, Open> known = open.value();
          return known == null
              ? Double.NaN
              : value.applyAsDouble(known.getOrDefault(key, Open.NONE));
        });
  }

  @Override
  public void close() {
    open.close();
  }
}
