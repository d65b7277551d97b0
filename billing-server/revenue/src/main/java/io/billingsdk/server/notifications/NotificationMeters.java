package io.billingsdk.server.notifications;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.Sampled;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.notifications.NotificationCounts.Channel;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Meters of what was sent, what waits and what was given up, by channel. Thread-safe. */
final class NotificationMeters implements Meters, AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** Each part has an index without what was sent. */
  private static final String OPEN =
      """
      SELECT 'webhook waiting' AS name, count(*) AS found,
        coalesce(extract(epoch FROM now() - min(created_at)), 0)::double precision AS oldest
      FROM webhook_delivery WHERE state = 'pending'
      UNION ALL
      SELECT 'webhook dead', count(*), 0 FROM webhook_delivery WHERE state = 'dead'
      UNION ALL
      SELECT 'mail waiting', count(*),
        coalesce(extract(epoch FROM now() - min(created_at)), 0)::double precision
      FROM mail_delivery WHERE state IN ('pending', 'sending')
      UNION ALL
      SELECT 'mail dead', count(*), 0 FROM mail_delivery WHERE state = 'dead'
      UNION ALL
      SELECT 'mail unsure', count(*), 0 FROM mail_delivery WHERE state = 'unsure'
      UNION ALL
      SELECT 'endpoints disabled', count(*), 0 FROM webhook_endpoint WHERE state = 'disabled'
      """;

  private final NotificationCounts counts;
  private final Sampled<Map<String, Open>> open;

  NotificationMeters(Database database, NotificationCounts counts) {
    this.counts = counts;
    this.open = new Sampled<>("billing-notification-figures", FRESH, () -> read(database));
  }

  private record Open(double found, double oldest) {}

  private static Map<String, Open> read(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery(OPEN)
                .map(
                    ResultRow.to(
                        row ->
                            Map.entry(
                                row.text("name"),
                                new Open(row.number("found"), row.real("oldest")))))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public void addTo(MeterRegistry registry) {
    for (Channel channel : Channel.values()) {
      attempts(registry, channel, /* sent= */ true);
      attempts(registry, channel, /* sent= */ false);
      gauge(registry, channel, "waiting", "notifications that are not sent yet");
      oldest(registry, channel);
      gauge(registry, channel, "dead", "notifications that were given up");
    }
    gauge(registry, Channel.MAIL, "unsure", "mails that may have gone when a server ended");
    Gauge.builder(
            "billing.webhook.endpoints.disabled",
            this,
            self -> self.number("endpoints disabled", Open::found))
        .description("webhook endpoints that are disabled")
        .register(registry);
  }

  private void attempts(MeterRegistry registry, Channel channel, boolean sent) {
    FunctionCounter.builder("billing.notifications.attempts", counts, all -> all.of(channel, sent))
        .description("attempts to send a notification, by outcome, since the start of this server")
        .tags("channel", text(channel), "outcome", sent ? "sent" : "failed")
        .register(registry);
  }

  private void gauge(MeterRegistry registry, Channel channel, String name, String description) {
    String found = text(channel) + " " + name;
    Gauge.builder("billing.notifications." + name, this, self -> self.number(found, Open::found))
        .description(description)
        .tags("channel", text(channel))
        .register(registry);
  }

  private void oldest(MeterRegistry registry, Channel channel) {
    String found = text(channel) + " waiting";
    Gauge.builder(
            "billing.notifications.oldest.waiting.seconds",
            this,
            self -> self.number(found, Open::oldest))
        .description("how long the oldest of them has waited")
        .tags("channel", text(channel))
        .register(registry);
  }

  private static String text(Channel channel) {
    return channel.name().toLowerCase(Locale.ROOT);
  }

  /** A number of the database; none while it is away. */
  private double number(String name, ToDoubleFunction<Open> value) {
    Map<String, Open> known = open.value();
    Open one = known == null ? null : known.get(name);
    return one == null ? Double.NaN : value.applyAsDouble(one);
  }

  @Override
  public void close() {
    open.close();
  }
}
