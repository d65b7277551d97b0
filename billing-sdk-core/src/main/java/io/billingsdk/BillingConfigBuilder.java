package io.billingsdk;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link BillingConfig}. Strict: a value out of its range and a setting given twice are
 * refused at once, settings that contradict each other by {@link #build}, all in one message. It
 * reads nothing from the process unless {@link #fromEnvironment} was called. Not thread-safe.
 */
public final class BillingConfigBuilder {
  /** Null: nothing is read from the process. */
  private @Nullable SettingSources sources;

  private final Map<Setting<?>, Object> values;
  private final Set<Setting<?>> given = new HashSet<>();
  private @Nullable Supplier<Credentials> credentials;
  private boolean credentialsGiven;

  BillingConfigBuilder(
      @Nullable SettingSources sources,
      Map<Setting<?>, Object> initial,
      @Nullable Supplier<Credentials> credentials) {
    this.sources = sources;
    this.values = new HashMap<>(initial);
    this.credentials = credentials;
  }

  /**
   * Lets {@link #build} take each setting that this builder was not given from the system property,
   * the environment variable or the file, in this order: see {@link BillingConfig}.
   */
  public BillingConfigBuilder fromEnvironment() {
    if (sources == null) {
      sources = SettingSources.ofProcess();
    }
    return this;
  }

  /**
   * Whether billing is switched on; default true. With false the client opens no connection and
   * creates no file. It validates and counts the events that are reported, and drops them; {@link
   * #whenDisabled} decides about keys, and the state is {@link ConnectionState#DISABLED}. Every
   * other setting may be left out then.
   */
  public BillingConfigBuilder enabled(boolean enabled) {
    return set(Setting.ENABLED, enabled);
  }

  /** Decides about API keys while {@link #enabled} is false. Default {@link WhenDisabled#DENY}. */
  public BillingConfigBuilder whenDisabled(WhenDisabled whenDisabled) {
    return set(Setting.WHEN_DISABLED, whenDisabled);
  }

  /**
   * Host name of the broker, as its certificate states it. Required unless {@link #enabled} is
   * false; no default.
   */
  public BillingConfigBuilder host(String host) {
    return set(Setting.HOST, host);
  }

  /** Port of the broker, 1 to 65,535. Default 8883. */
  public BillingConfigBuilder port(int port) {
    return set(Setting.PORT, port);
  }

  /** User and password for the broker. Default: neither is sent. */
  public BillingConfigBuilder credentials(String username, String password) {
    refuseSecondCredentials();
    set(Setting.USERNAME, username);
    return set(Setting.PASSWORD, password);
  }

  /**
   * Gives user and password, asked before every attempt to connect, so that they can rotate. It is
   * called on a thread of its own and has 10 seconds; a failure counts as a failed attempt.
   */
  public BillingConfigBuilder credentials(Supplier<Credentials> supplier) {
    refuseSecondCredentials();
    credentials = requireNonNull(supplier, "credentials");
    values.remove(Setting.USERNAME);
    values.remove(Setting.PASSWORD);
    return this;
  }

  /**
   * MQTT client id: 1 to 64 of {@code A-Z a-z 0-9 _ -}, different in every process. Default: the
   * user name, as the server's own broker requires; a random one when there is none, when it cannot
   * be a client id, or when it comes from a supplier.
   *
   * <p>Two processes with one id end each other's connections. The one whose connection was ended
   * steps back: its state is {@link ConnectionState#UNAUTHORIZED}, it says so in the log, and tries
   * again after half a minute to five minutes. What it accepts meanwhile waits in its journal.
   */
  public BillingConfigBuilder clientId(String clientId) {
    return set(Setting.CLIENT_ID, clientId);
  }

  /** PEM file of the CAs to trust, read at every connect. Default: the JVM's trust store. */
  public BillingConfigBuilder caCertificates(Path pemFile) {
    return set(Setting.CA_CERTIFICATES, pemFile);
  }

  /**
   * A certificate to show to the broker. Default: none.
   *
   * @param certificatePem the chain, the client's own first
   * @param keyPem its private key, PKCS #8, not encrypted
   */
  public BillingConfigBuilder clientCertificate(Path certificatePem, Path keyPem) {
    set(Setting.CLIENT_CERTIFICATE, certificatePem);
    return set(Setting.CLIENT_KEY, keyPem);
  }

  /**
   * Connects without TLS. Everybody on the way can then read keys and forge usage; a warning is
   * logged at every start. Default: TLS only, and never a fall-back.
   */
  public BillingConfigBuilder allowInsecure() {
    return set(Setting.ALLOW_INSECURE, true);
  }

  /** First part of every topic. Default {@code billing}. */
  public BillingConfigBuilder topicPrefix(String prefix) {
    return set(Setting.TOPIC_PREFIX, prefix);
  }

  /**
   * Version of the wire protocol. Default {@link Protocol#AUTO}: the version of the billing system.
   * With another value the client speaks that version alone.
   */
  public BillingConfigBuilder protocol(Protocol protocol) {
    return set(Setting.PROTOCOL, protocol);
  }

  /**
   * Directory that keeps accepted events until they are delivered; created if it does not exist.
   * Several processes may use one directory. Default {@code billing-journal} in the working
   * directory.
   */
  public BillingConfigBuilder journalDirectory(Path directory) {
    return set(Setting.JOURNAL_DIRECTORY, directory);
  }

  /**
   * Bound of the journal on disk, 16 MiB to 1 TiB, default 1 GiB; beyond it {@link #whenFull}
   * decides about new events. An event takes its encoded size and about 36 bytes.
   */
  public BillingConfigBuilder journalMaxBytes(long bytes) {
    return set(Setting.JOURNAL_MAX_BYTES, bytes);
  }

  /**
   * Events are rejected while the journal's file system has fewer bytes free than this, 0 to 1 TiB,
   * default 64 MiB: a disk that is quite full stops more than this library.
   */
  public BillingConfigBuilder journalMinFreeBytes(long bytes) {
    return set(Setting.JOURNAL_MIN_FREE_BYTES, bytes);
  }

  /**
   * Whether the SDK creates the journal's directory again when it is removed, moved or replaced
   * while in use, as deployments do; default true. Undelivered events are written there, and new
   * ones are accepted. The SDK does not do it on another file system than before: a volume that was
   * unmounted would hide those files when it comes back. With false events are rejected until the
   * directory is back.
   */
  public BillingConfigBuilder recreateJournal(boolean recreate) {
    return set(Setting.RECREATE_JOURNAL, recreate);
  }

  /**
   * Decides about an event that is reported while the buffer is at its bound. Default: it is
   * rejected at once.
   */
  public BillingConfigBuilder whenFull(WhenFull whenFull) {
    return set(Setting.WHEN_FULL, whenFull);
  }

  /** When the SDK forces the journal to the disk. Default: at most 200 ms after it was written. */
  public BillingConfigBuilder durability(Durability durability) {
    return set(Setting.DURABILITY, durability);
  }

  /**
   * Keeps delivered events for a while, so that they can be delivered once more: a billing system
   * that was restored from a backup lacks what it has committed since. It shows this by another
   * ledger id. Then all kept events become pending again, under their identities, and the billing
   * system counts those that it has already only once. Twice the interval of its backups is a good
   * time. With protocol v1 nothing is kept, since there is no such sign. Default: delivered events
   * are deleted.
   *
   * <p>Events are kept file by file ({@code journalMaxBytes / 8}, at most 64 MiB), and deleted
   * before its time when the disk has no room for new events. A file that had events dropped
   * ({@link WhenFull#dropOldest}) is not kept.
   *
   * @param time since the last event of a file was delivered, 1 minute to 90 days; zero: nothing is
   *     kept
   * @param bytes bound of what is kept, 128 MiB to 1 TiB, in addition to {@link #journalMaxBytes};
   *     the oldest are deleted first. Up to twice as much while they are brought back
   */
  public BillingConfigBuilder retainDelivered(Duration time, long bytes) {
    set(Setting.RETAIN_DELIVERED, time);
    return set(Setting.RETAIN_DELIVERED_BYTES, bytes);
  }

  /**
   * Keeps accepted events in memory instead of on disk: they are lost when the process ends. Beyond
   * the bound events are rejected with {@link RejectionReason#BUFFER_FULL}.
   *
   * @param bytes 64 KiB to 16 GiB; an event takes its encoded size and 64 bytes
   */
  public BillingConfigBuilder journalInMemory(long bytes) {
    return set(Setting.JOURNAL_IN_MEMORY, bytes);
  }

  /**
   * Whether a shutdown hook writes accepted events to the journal, and forces it, when the JVM ends
   * in order (System.exit, SIGTERM, the end of the last thread) and the client was not closed. It
   * takes at most 5 s, delivers nothing and refuses nothing; while it and other hooks run, a report
   * returns when it is on disk. Events that {@link #journalInMemory} keeps are lost, which is
   * logged. {@link BillingClient#close} removes the hook. Default true.
   */
  public BillingConfigBuilder shutdownHook(boolean write) {
    return set(Setting.SHUTDOWN_HOOK, write);
  }

  /**
   * Events sent and not yet acknowledged, 1 to 65,535, default 100; the broker's receive maximum
   * lowers it.
   */
  public BillingConfigBuilder windowMessages(int messages) {
    return set(Setting.WINDOW_MESSAGES, messages);
  }

  /** Bytes sent and not yet acknowledged, 32 KiB to 256 MiB, default 1 MiB. */
  public BillingConfigBuilder windowBytes(int bytes) {
    return set(Setting.WINDOW_BYTES, bytes);
  }

  /** Limit for each of TCP connect, TLS handshake and the broker's answer. Default 10 s. */
  public BillingConfigBuilder connectTimeout(Duration timeout) {
    return set(Setting.CONNECT_TIMEOUT, timeout);
  }

  /**
   * Silence after which the SDK probes the connection, 1 s to 5 min, default 10 s; a dead one is
   * noticed within twice that.
   */
  public BillingConfigBuilder keepAlive(Duration keepAlive) {
    return set(Setting.KEEP_ALIVE, keepAlive);
  }

  /**
   * How long an event may stay unacknowledged, 1 s to 10 min, default 30 s; then the client
   * reconnects and sends it again.
   */
  public BillingConfigBuilder publishTimeout(Duration timeout) {
    return set(Setting.PUBLISH_TIMEOUT, timeout);
  }

  /** Time between heartbeats, 1 s to 1 h, default 10 s. */
  public BillingConfigBuilder heartbeatInterval(Duration interval) {
    return set(Setting.HEARTBEAT_INTERVAL, interval);
  }

  /**
   * How long known keys go on working without a connection, 1 s to 7 d, default 5 min; after that
   * every check is {@link DenialReason#UNAVAILABLE}.
   */
  public BillingConfigBuilder maxKeyStaleness(Duration staleness) {
    return set(Setting.MAX_KEY_STALENESS, staleness);
  }

  /**
   * What becomes of a call while nothing of a hard quota is leased to this process. Default {@link
   * WhenQuotaUnknown#deny}.
   */
  public BillingConfigBuilder whenQuotaUnknown(WhenQuotaUnknown whenQuotaUnknown) {
    return set(Setting.WHEN_QUOTA_UNKNOWN, whenQuotaUnknown);
  }

  /**
   * The configuration.
   *
   * @throws IllegalArgumentException naming everything that is missing, wrong or contradictory
   */
  public BillingConfig build() {
    List<String> problems = new ArrayList<>();
    Map<Setting<?>, Object> complete = new HashMap<>(values);
    SettingSources.FileSnapshot snapshot = sources == null ? null : sources.read(problems);
    for (Setting<?> setting : Setting.ALL) {
      if (!complete.containsKey(setting) && !suppliedOtherwise(setting)) {
        fill(setting, snapshot, complete, problems);
      }
    }
    crossCheck(complete, problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("billing configuration: " + String.join("; ", problems));
    }
    return new BillingConfig(complete, credentials);
  }

  private boolean suppliedOtherwise(Setting<?> setting) {
    return credentials != null
        && (setting.equals(Setting.USERNAME) || setting.equals(Setting.PASSWORD));
  }

  private static void fill(
      Setting<?> setting,
      SettingSources.@Nullable FileSnapshot snapshot,
      Map<Setting<?>, Object> complete,
      List<String> problems) {
    SettingSources.FoundSetting found = snapshot == null ? null : snapshot.find(setting);
    try {
      Object value =
          found == null ? setting.defaultValue() : setting.parsed(found.text(), found.where());
      if (value != null) {
        complete.put(setting, value);
      }
    } catch (IllegalArgumentException refused) {
      problems.add(String.valueOf(refused.getMessage()));
    }
  }

  private static void crossCheck(Map<Setting<?>, Object> values, List<String> problems) {
    boolean enabled = !Boolean.FALSE.equals(values.get(Setting.ENABLED));
    if (enabled && !values.containsKey(Setting.HOST)) {
      problems.add("host is required");
    }
    requireBoth(Setting.USERNAME, Setting.PASSWORD, values, problems);
    requireBoth(Setting.CLIENT_CERTIFICATE, Setting.CLIENT_KEY, values, problems);
    Path directory = Setting.JOURNAL_DIRECTORY.defaultValue();
    if (values.containsKey(Setting.JOURNAL_IN_MEMORY)
        && !Objects.equals(values.get(Setting.JOURNAL_DIRECTORY), directory)) {
      problems.add("journalDirectory has no meaning with journalInMemory");
    }
    if (values.containsKey(Setting.JOURNAL_IN_MEMORY)
        && !Duration.ZERO.equals(values.get(Setting.RETAIN_DELIVERED))) {
      problems.add("retainDelivered has no meaning with journalInMemory");
    }
    if (Boolean.TRUE.equals(values.get(Setting.ALLOW_INSECURE))) {
      for (Setting<?> tls : List.of(Setting.CA_CERTIFICATES, Setting.CLIENT_CERTIFICATE)) {
        if (values.containsKey(tls)) {
          problems.add(tls.name() + " has no meaning with allowInsecure");
        }
      }
    }
  }

  private static void requireBoth(
      Setting<?> one, Setting<?> other, Map<Setting<?>, Object> values, List<String> problems) {
    if (values.containsKey(one) != values.containsKey(other)) {
      problems.add(one.name() + " and " + other.name() + " must be given together");
    }
  }

  private void refuseSecondCredentials() {
    if (credentialsGiven) {
      throw new IllegalArgumentException("credentials were set already");
    }
    credentialsGiven = true;
    credentials = null;
  }

  private <T> BillingConfigBuilder set(Setting<T> setting, T value) {
    requireNonNull(value, setting.name());
    if (given.contains(setting)) {
      Object earlier = setting.equals(Setting.PASSWORD) ? "***" : values.get(setting);
      throw new IllegalArgumentException(setting.name() + " was set already, to " + earlier);
    }
    values.put(setting, setting.checked(value));
    given.add(setting);
    return this;
  }
}
