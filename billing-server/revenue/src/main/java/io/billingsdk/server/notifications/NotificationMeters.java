package io.billingsdk.server.notifications;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.notifications.NotificationCounts.Channel;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters of what was sent, what waits and what was given up, by channel. */
final class NotificationMeters implements Meters {
  private static final Logger log = LoggerFactory.getLogger(NotificationMeters.class);

  private static final String OPEN =
      """
      SELECT 'webhook' AS channel, count(*) FILTER (WHERE state = 'pending') AS waiting,
        count(*) FILTER (WHERE state = 'dead') AS dead, 0 AS unsure,
        coalesce(extract(epoch FROM now() - min(created_at) FILTER (WHERE state = 'pending')), 0)
          AS oldest
      FROM webhook_delivery WHERE state IN ('pending', 'dead')
      UNION ALL
      SELECT 'mail', count(*) FILTER (WHERE state IN ('pending', 'sending')),
        count(*) FILTER (WHERE state = 'dead'), count(*) FILTER (WHERE state = 'unsure'),
        coalesce(extract(epoch FROM now() - min(created_at)
          FILTER (WHERE state IN ('pending', 'sending'))), 0)
      FROM mail_delivery WHERE state <> 'sent'
      """;

  private static final String DISABLED =
      "SELECT count(*) AS found FROM webhook_endpoint WHERE state = 'disabled'";

  private final NotificationCounts counts;
  private volatile @Nullable State last;

  NotificationMeters(NotificationCounts counts) {
    this.counts = counts;
  }

  private record Open(double waiting, double oldest, double dead, double unsure) {}

  private record State(Map<String, Open> open, double disabled) {}

  @Override
  public void addTo(MeterRegistry registry) {
    for (Channel channel : Channel.values()) {
      attempts(registry, channel, /* sent= */ true);
      attempts(registry, channel, /* sent= */ false);
      gauge(registry, channel, "waiting", "notifications that are not sent yet", Open::waiting);
      gauge(
          registry,
          channel,
          "oldest.waiting.seconds",
          "how long the oldest of them has waited",
          Open::oldest);
      gauge(registry, channel, "dead", "notifications that were given up", Open::dead);
    }
    gauge(
        registry,
        Channel.MAIL,
        "unsure",
        "mails that may have gone when a server ended",
        Open::unsure);
    Gauge.builder("billing.webhook.endpoints.disabled", this, self -> self.disabled())
        .description("webhook endpoints that are disabled")
        .register(registry);
  }

  private void attempts(MeterRegistry registry, Channel channel, boolean sent) {
    FunctionCounter.builder("billing.notifications.attempts", counts, all -> all.of(channel, sent))
        .description("attempts to send a notification, by outcome, since the start of this server")
        .tags("channel", text(channel), "outcome", sent ? "sent" : "failed")
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      Channel channel,
      String name,
      String description,
      ToDoubleFunction<Open> value) {
    Gauge.builder("billing.notifications." + name, this, self -> self.number(channel, value))
        .description(description)
        .tags("channel", text(channel))
        .register(registry);
  }

  private static String text(Channel channel) {
    return channel.name().toLowerCase(Locale.ROOT);
  }

  /** Asks the database. When it does not answer, the gauges have no number, and the others have. */
  @Override
  public void beforeReading(Database database) {
    try {
      last =
          database.read(
              handle -> {
                Map<String, Open> open =
                    handle
                        .createQuery(OPEN)
                        .map(ResultRow.to(row -> Map.entry(row.text("channel"), open(row))))
                        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
                long disabled =
                    handle
                        .createQuery(DISABLED)
                        .map(ResultRow.to(row -> row.number("found")))
                        .one();
                return new State(open, disabled);
              });
    } catch (DatabaseException away) {
      log.debug("the notifications cannot be counted: {}", away.getMessage());
      last = null;
    }
  }

  private static Open open(ResultRow row) {
    return new Open(
        row.number("waiting"), row.real("oldest"), row.number("dead"), row.number("unsure"));
  }

  private double number(Channel channel, ToDoubleFunction<Open> value) {
    State known = last;
    Open open = known == null ? null : known.open().get(text(channel));
    return open == null ? Double.NaN : value.applyAsDouble(open);
  }

  private double disabled() {
    State known = last;
    return known == null ? Double.NaN : known.disabled();
  }
}
