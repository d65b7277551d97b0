package io.billingsdk.internal.client;

import io.billingsdk.BillingConfig;
import io.billingsdk.internal.delivery.DeliverySettings;
import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.link.LinkSettings;
import io.billingsdk.internal.time.RetrySchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Translates the configuration into the settings of each part. */
final class PartSettings {
  private PartSettings() {}

  static LinkSettings link(BillingConfig config, String instance, Negotiation negotiation) {
    return new LinkSettings(
        config.host(),
        config.port(),
        instance,
        config.allowInsecure()
            ? null
            : new LinkSettings.Tls(
                config.caCertificates().orElse(null),
                config.clientCertificate().orElse(null),
                config.clientKey().orElse(null)),
        config.credentials().orElse(null),
        config.connectTimeout(),
        config.keepAlive(),
        negotiation::subscriptions);
  }

  static DeliverySettings delivery(
      BillingConfig config, ClientTopics topics, StreamSecrets secrets) {
    return new DeliverySettings(
        topics.v1().report(),
        topics.v2().usage(topics.instance()),
        config.windowMessages(),
        config.windowBytes(),
        config.publishTimeout(),
        retry(Duration.ofMillis(500), Duration.ofSeconds(30)),
        retry(Duration.ofSeconds(30), Duration.ofMinutes(5)),
        retry(Duration.ofSeconds(10), Duration.ofMinutes(5)),
        secrets);
  }

  /** The pauses between requests for the key table. */
  static RetrySchedule keyRequests() {
    return retry(Duration.ofSeconds(10), Duration.ofMinutes(1));
  }

  /** The pauses before a request for leases is sent again. */
  static RetrySchedule leaseRequests() {
    return retry(Duration.ofSeconds(1), Duration.ofSeconds(15));
  }

  /** Where the journal is; empty for one in memory. */
  static Optional<Path> directory(BillingConfig config) {
    return config.journalInMemory().isPresent()
        ? Optional.empty()
        : Optional.of(config.journalDirectory());
  }

  /** How events come back that were set aside, for people. */
  static String wayBack(BillingConfig config) {
    return config.journalInMemory().isPresent()
        ? "they stay in memory until this process ends"
        : "remove the cause, then deliver them again: billing journal replay --dead "
            + config.journalDirectory().toAbsolutePath().normalize();
  }

  private static RetrySchedule retry(Duration first, Duration last) {
    return new RetrySchedule(first, last, () -> ThreadLocalRandom.current().nextDouble());
  }
}
