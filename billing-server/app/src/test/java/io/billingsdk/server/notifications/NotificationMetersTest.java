package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.notifications.MailLines.MailOutcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class NotificationMetersTest {
  @TempDir Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private NotificationWorld world;

  @BeforeEach
  void start() throws Exception {
    world = new NotificationWorld(directory);
    world.customer("acme", "Acme", "en");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private double gauge(String name, String channel) {
    return registry.get("billing.notifications." + name).tag("channel", channel).gauge().value();
  }

  @Test
  void gauges_countWhatWaitsAndWhatEnded() {
    String id =
        world
            .endpoints("acme")
            .create("https://hooks.example.com/in", List.of("*"))
            .endpoint()
            .id();
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    for (int i = 1; i <= 2; i++) {
      world.happens("subscription.renewed", "acme", Map.of("revision", i));
    }
    end(MailOutcome.DEAD);
    end(MailOutcome.UNSURE);
    world.endpoints("acme").change(id, null, null, /* enabled= */ false);
    try (NotificationMeters meters = new NotificationMeters(world.database(), world.counts())) {
      meters.addTo(registry);
      assertThat(gauge("waiting", "webhook")).isEqualTo(2);
      assertThat(gauge("dead", "webhook")).isZero();
      assertThat(gauge("waiting", "mail")).isZero();
      assertThat(gauge("oldest.waiting.seconds", "mail")).isZero();
      assertThat(gauge("dead", "mail")).isEqualTo(1);
      assertThat(gauge("unsure", "mail")).isEqualTo(1);
      assertThat(registry.get("billing.webhook.endpoints.disabled").gauge().value()).isEqualTo(1);
    }
  }

  private void end(MailOutcome outcome) {
    Instant now = world.instant();
    world
        .database()
        .useTransaction(
            handle ->
                MailLines.done(
                    handle,
                    MailLines.take(handle, now, now.plus(MailSender.TAKEN)).orElseThrow(),
                    outcome,
                    null,
                    now,
                    now));
  }
}
