package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a {@link BillingClient}. Immutable and thread-safe; never prints the password.
 *
 * <p>There are two ways to get one:
 *
 * <ul>
 *   <li>{@link #builder} takes what it is given, and defaults. It reads nothing from the process:
 *       no system property, no environment variable, no file.
 *   <li>{@link #load}, and {@link BillingConfigBuilder#fromEnvironment} on a builder, take a
 *       setting that was not given from the system property {@code billing.<name>}, then from the
 *       environment variable {@code BILLING_<NAME>}, then from the file {@code billing.properties}
 *       in the working directory (or the file that the system property {@code billing.config} or
 *       the variable {@code BILLING_CONFIG} names), then from its default.
 * </ul>
 */
public final class BillingConfig {
  private final Map<Setting<?>, Object> values;
  private final @Nullable Supplier<Credentials> credentials;

  BillingConfig(Map<Setting<?>, Object> values, @Nullable Supplier<Credentials> credentials) {
    this.values = Map.copyOf(values);
    this.credentials = credentials;
  }

  /** An empty builder that reads nothing from the process. */
  public static BillingConfigBuilder builder() {
    return new BillingConfigBuilder(null, new HashMap<>(), null);
  }

  /**
   * The configuration from system properties, environment and file alone: {@code
   * builder().fromEnvironment().build()}.
   *
   * @throws IllegalArgumentException naming everything that is wrong
   */
  public static BillingConfig load() {
    return builder().fromEnvironment().build();
  }

  /**
   * A builder with all of these settings, to change some: each may be set once more. It reads
   * nothing from the process.
   */
  public BillingConfigBuilder toBuilder() {
    return new BillingConfigBuilder(null, values, credentials);
  }

  /** Whether usage is delivered and keys are known; false: the client is switched off. */
  public boolean enabled() {
    return required(Setting.ENABLED);
  }

  /** Decides about keys while {@link #enabled} is false. */
  public WhenDisabled whenDisabled() {
    return required(Setting.WHEN_DISABLED);
  }

  /** Host name of the broker; empty where none was set, which only {@code enabled=false} allows. */
  public String host() {
    return optional(Setting.HOST).orElse("");
  }

  /** Port of the broker. */
  public int port() {
    return required(Setting.PORT);
  }

  /** Whether to connect without TLS. */
  public boolean allowInsecure() {
    return required(Setting.ALLOW_INSECURE);
  }

  /** PEM file of the CAs to trust; empty for the JVM's trust store. */
  public Optional<Path> caCertificates() {
    return optional(Setting.CA_CERTIFICATES);
  }

  /** PEM file of the client's certificate chain. */
  public Optional<Path> clientCertificate() {
    return optional(Setting.CLIENT_CERTIFICATE);
  }

  /** PEM file of the client's private key. */
  public Optional<Path> clientKey() {
    return optional(Setting.CLIENT_KEY);
  }

  /** Gives user and password, asked before every attempt to connect; empty for none. */
  public Optional<Supplier<Credentials>> credentials() {
    if (credentials != null) {
      return Optional.of(credentials);
    }
    return optional(Setting.USERNAME)
        .map(
            username -> {
              Credentials fixed = new Credentials(username, required(Setting.PASSWORD));
              return () -> fixed;
            });
  }

  /**
   * The MQTT client id: the one that was set, or the user name if that can be one; empty for a
   * random one. The name that a supplier of credentials gives is not known before it is asked, and
   * is never taken.
   */
  public Optional<String> clientId() {
    return optional(Setting.CLIENT_ID)
        .or(() -> optional(Setting.USERNAME).filter(Setting.CLIENT_ID.valid()));
  }

  /** First part of every topic. */
  public String topicPrefix() {
    return required(Setting.TOPIC_PREFIX);
  }

  /** Version of the wire protocol. */
  public Protocol protocol() {
    return required(Setting.PROTOCOL);
  }

  /** Directory that keeps accepted events until they are delivered. */
  public Path journalDirectory() {
    return required(Setting.JOURNAL_DIRECTORY);
  }

  /** Bound of the journal on disk, in bytes. */
  public long journalMaxBytes() {
    return required(Setting.JOURNAL_MAX_BYTES);
  }

  /** Events are rejected while the journal's file system has fewer bytes free than this. */
  public long journalMinFreeBytes() {
    return required(Setting.JOURNAL_MIN_FREE_BYTES);
  }

  /** Whether the SDK creates the journal's directory again when it goes away while in use. */
  public boolean recreateJournal() {
    return required(Setting.RECREATE_JOURNAL);
  }

  /** Decides about an event that is reported while the buffer is at its bound. */
  public WhenFull whenFull() {
    return required(Setting.WHEN_FULL);
  }

  /** When the SDK forces the journal to the disk. */
  public Durability durability() {
    return required(Setting.DURABILITY);
  }

  /** How long delivered events are kept for a restored billing system; zero: they are deleted. */
  public Duration retainDelivered() {
    return required(Setting.RETAIN_DELIVERED);
  }

  /** Bound of the delivered events that are kept, in bytes. */
  public long retainDeliveredBytes() {
    return required(Setting.RETAIN_DELIVERED_BYTES);
  }

  /** Bound of the buffer in memory, in bytes; empty when events are kept on disk. */
  public Optional<Long> journalInMemory() {
    return optional(Setting.JOURNAL_IN_MEMORY);
  }

  /** Whether accepted events are written to the journal when the JVM ends without a close. */
  public boolean shutdownHook() {
    return required(Setting.SHUTDOWN_HOOK);
  }

  /** Most events that are sent and not yet acknowledged. */
  public int windowMessages() {
    return required(Setting.WINDOW_MESSAGES);
  }

  /** Bytes sent and not yet acknowledged, at most. */
  public int windowBytes() {
    return required(Setting.WINDOW_BYTES);
  }

  /** Limit for each of TCP connect, TLS handshake and the broker's answer. */
  public Duration connectTimeout() {
    return required(Setting.CONNECT_TIMEOUT);
  }

  /** Silence after which the SDK probes the connection; a dead one is noticed within twice that. */
  public Duration keepAlive() {
    return required(Setting.KEEP_ALIVE);
  }

  /** How long an event may stay unacknowledged before the connection is given up. */
  public Duration publishTimeout() {
    return required(Setting.PUBLISH_TIMEOUT);
  }

  /** Time between heartbeats. */
  public Duration heartbeatInterval() {
    return required(Setting.HEARTBEAT_INTERVAL);
  }

  /** How long known keys go on working without a connection. */
  public Duration maxKeyStaleness() {
    return required(Setting.MAX_KEY_STALENESS);
  }

  /** What becomes of a call while nothing of a hard quota is leased to this process. */
  public WhenQuotaUnknown whenQuotaUnknown() {
    return required(Setting.WHEN_QUOTA_UNKNOWN);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("BillingConfig[");
    for (Setting<?> setting : Setting.ALL) {
      Object value = setting.equals(Setting.PASSWORD) ? "***" : values.get(setting);
      if (values.containsKey(setting)) {
        text.append(setting.name()).append('=').append(value).append(", ");
      }
    }
    return text.append("credentialsSupplier=").append(credentials != null).append(']').toString();
  }

  private <T> T required(Setting<T> setting) {
    return requireNonNull(get(setting), setting.name());
  }

  private <T> Optional<T> optional(Setting<T> setting) {
    return Optional.ofNullable(get(setting));
  }

  // The builder puts a value only under the setting that parsed or checked it.
  @SuppressWarnings("unchecked")
  private <T> @Nullable T get(Setting<T> setting) {
    return (T) values.get(setting);
  }
}
