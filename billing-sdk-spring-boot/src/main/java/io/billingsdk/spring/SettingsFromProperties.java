package io.billingsdk.spring;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingConfigBuilder;
import io.billingsdk.Durability;
import io.billingsdk.WhenFull;
import io.billingsdk.WhenQuotaUnknown;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/** Creates a {@link BillingConfig} from properties. */
final class SettingsFromProperties {
  private static final long DEFAULT_RETAINED_BYTES = 1L << 30;

  private final BillingProperties properties;
  private final BillingConfigBuilder builder = BillingConfig.builder();

  private SettingsFromProperties(BillingProperties properties) {
    this.properties = properties;
  }

  /**
   * The configuration.
   *
   * @throws BillingPropertiesException naming what is wrong
   */
  static BillingConfig of(BillingProperties properties, List<BillingConfigCustomizer> customizers) {
    SettingsFromProperties settings = new SettingsFromProperties(properties);
    try {
      settings.connection();
      settings.journal();
      settings.delivery();
      customizers.forEach(customizer -> customizer.customize(settings.builder));
      return settings.builder.build();
    } catch (IllegalArgumentException refused) {
      throw new BillingPropertiesException(String.valueOf(refused.getMessage()), refused);
    }
  }

  private void connection() {
    set(properties.enabled(), builder::enabled);
    set(properties.whenDisabled(), builder::whenDisabled);
    set(properties.host(), builder::host);
    set(properties.port(), builder::port);
    both("username", properties.username(), "password", properties.password());
    if (properties.username() != null && properties.password() != null) {
      builder.credentials(properties.username(), properties.password());
    }
    set(properties.clientId(), builder::clientId);
    set(properties.caCertificates(), text -> builder.caCertificates(Path.of(text)));
    String certificate = properties.clientCertificate();
    String key = properties.clientKey();
    both("client-certificate", certificate, "client-key", key);
    if (certificate != null && key != null) {
      builder.clientCertificate(Path.of(certificate), Path.of(key));
    }
    if (Boolean.TRUE.equals(properties.allowInsecure())) {
      builder.allowInsecure();
    }
    set(properties.topicPrefix(), builder::topicPrefix);
    set(properties.protocol(), builder::protocol);
  }

  private void journal() {
    set(properties.journalDirectory(), text -> builder.journalDirectory(Path.of(text)));
    bytes(properties.journalMaxBytes(), builder::journalMaxBytes);
    bytes(properties.journalMinFreeBytes(), builder::journalMinFreeBytes);
    set(properties.recreateJournal(), builder::recreateJournal);
    set(properties.whenFull(), text -> builder.whenFull(whenFull(text)));
    set(properties.durability(), text -> builder.durability(durability(text)));
    bytes(properties.journalInMemory(), builder::journalInMemory);
    set(properties.shutdownHook(), builder::shutdownHook);
    Duration retain = properties.retainDelivered();
    DataSize retained = properties.retainDeliveredBytes();
    if (retain != null || retained != null) {
      builder.retainDelivered(
          retain == null ? Duration.ZERO : retain,
          retained == null ? DEFAULT_RETAINED_BYTES : retained.toBytes());
    }
  }

  private void delivery() {
    set(properties.windowMessages(), builder::windowMessages);
    bytes(properties.windowBytes(), size -> builder.windowBytes(Math.toIntExact(size)));
    set(properties.connectTimeout(), builder::connectTimeout);
    set(properties.keepAlive(), builder::keepAlive);
    set(properties.publishTimeout(), builder::publishTimeout);
    set(properties.heartbeatInterval(), builder::heartbeatInterval);
    set(properties.maxKeyStaleness(), builder::maxKeyStaleness);
    set(properties.whenQuotaUnknown(), text -> builder.whenQuotaUnknown(whenQuotaUnknown(text)));
  }

  private static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }

  private static void bytes(@Nullable DataSize size, Consumer<Long> setter) {
    if (size != null) {
      setter.accept(size.toBytes());
    }
  }

  private static void both(
      String one, @Nullable String value, String other, @Nullable String otherValue) {
    if ((value == null) != (otherValue == null)) {
      throw new IllegalArgumentException(
          "billing." + one + " and billing." + other + " must be given together");
    }
  }

  private static WhenQuotaUnknown whenQuotaUnknown(String text) {
    try {
      return WhenQuotaUnknown.parse(text);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(
          "billing.when-quota-unknown must be deny, allow, or a number above 0 and at most 2^53,"
              + " but was '"
              + text
              + "'",
          malformed);
    }
  }

  private static WhenFull whenFull(String text) {
    return switch (text) {
      case "reject" -> WhenFull.reject();
      case "drop-oldest" -> WhenFull.dropOldest();
      default -> WhenFull.block(duration("billing.when-full", "reject, drop-oldest", text));
    };
  }

  private static Durability durability(String text) {
    return switch (text) {
      case "every-write" -> Durability.everyWrite();
      case "operating-system" -> Durability.operatingSystem();
      default ->
          Durability.interval(
              duration("billing.durability", "every-write, operating-system", text));
    };
  }

  private static Duration duration(String property, String words, String text) {
    try {
      return DurationStyle.detectAndParse(text);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(
          property + " must be " + words + " or a duration such as 200ms, but was '" + text + "'",
          malformed);
    }
  }
}
