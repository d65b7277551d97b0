package io.billingsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.BillingConfig;
import io.billingsdk.Durability;
import io.billingsdk.WhenFull;
import io.billingsdk.WhenQuotaUnknown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Properties with words and properties that belong together. */
final class SettingsFromPropertiesTest {

  @Test
  void whenFull_takesTwoWordsOrADuration() {
    assertThat(with("when-full", "reject").whenFull()).isEqualTo(WhenFull.reject());
    assertThat(with("when-full", "drop-oldest").whenFull()).isEqualTo(WhenFull.dropOldest());
    assertThat(with("when-full", "2s").whenFull()).isEqualTo(WhenFull.block(Duration.ofSeconds(2)));
    refused(
        "billing.when-full must be reject, drop-oldest or a duration such as 200ms,"
            + " but was 'wait'",
        "when-full",
        "wait");
  }

  @Test
  void durability_takesTwoWordsOrADuration() {
    assertThat(with("durability", "every-write").durability()).isEqualTo(Durability.everyWrite());
    assertThat(with("durability", "operating-system").durability())
        .isEqualTo(Durability.operatingSystem());
    assertThat(with("durability", "50ms").durability())
        .isEqualTo(Durability.interval(Duration.ofMillis(50)));
    refused(
        "billing.durability must be every-write, operating-system or a duration such as 200ms,"
            + " but was 'sometimes'",
        "durability",
        "sometimes");
  }

  @Test
  void whenQuotaUnknown_takesTwoWordsOrANumber() {
    assertThat(with("when-quota-unknown", "deny").whenQuotaUnknown())
        .isEqualTo(WhenQuotaUnknown.deny());
    assertThat(with("when-quota-unknown", "7").whenQuotaUnknown())
        .isEqualTo(WhenQuotaUnknown.allow(7));
    refused(
        "billing.when-quota-unknown must be deny, allow, or a number above 0 and at most 2^53,"
            + " but was 'ask'",
        "when-quota-unknown",
        "ask");
  }

  @Test
  void clientCertificate_needsItsKey() {
    BillingConfig config =
        config(Map.of("client-certificate", "client.pem", "client-key", "client.key"));
    assertThat(config.clientCertificate()).contains(Path.of("client.pem"));
    assertThat(config.clientKey()).contains(Path.of("client.key"));
    refused(
        "billing.client-certificate and billing.client-key must be given together",
        "client-certificate",
        "client.pem");
    refused(
        "billing.client-certificate and billing.client-key must be given together",
        "client-key",
        "client.key");
  }

  @Test
  void allowInsecure_isOffUnlessItIsTrue() {
    assertThat(with("allow-insecure", "true").allowInsecure()).isTrue();
    assertThat(with("allow-insecure", "false").allowInsecure()).isFalse();
  }

  @Test
  void retainedBytes_withoutATime_keepNothing() {
    BillingConfig bytesAlone = with("retain-delivered-bytes", "256MB");
    assertThat(bytesAlone.retainDelivered()).isZero();
    assertThat(bytesAlone.retainDeliveredBytes()).isEqualTo(256L << 20);
    BillingConfig timeAlone = with("retain-delivered", "1h");
    assertThat(timeAlone.retainDelivered()).isEqualTo(Duration.ofHours(1));
    assertThat(timeAlone.retainDeliveredBytes()).isEqualTo(1L << 30);
  }

  @Test
  void customizer_setsWhatNoPropertyHasSet() {
    BillingProperties properties = bound(Map.of("port", "1"));
    assertThat(
            SettingsFromProperties.of(
                    properties, List.of(builder -> builder.topicPrefix("customized")))
                .topicPrefix())
        .isEqualTo("customized");
    assertThatThrownBy(
            () -> SettingsFromProperties.of(properties, List.of(builder -> builder.port(2))))
        .isInstanceOf(BillingPropertiesException.class)
        .hasMessageContaining("port was set already, to 1");
  }

  private static void refused(String message, String property, String value) {
    assertThatThrownBy(() -> with(property, value))
        .isInstanceOf(BillingPropertiesException.class)
        .hasMessageContaining(message);
  }

  private static BillingConfig with(String property, String value) {
    return config(Map.of(property, value));
  }

  private static BillingConfig config(Map<String, String> properties) {
    return SettingsFromProperties.of(bound(properties), List.of());
  }

  private static BillingProperties bound(Map<String, String> properties) {
    Map<String, String> named = new HashMap<>(Map.of("billing.host", "broker.example"));
    properties.forEach((name, value) -> named.put("billing." + name, value));
    return new Binder(new MapConfigurationPropertySource(named))
        .bind("billing", BillingProperties.class)
        .get();
  }
}
