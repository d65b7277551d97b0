package io.billingsdk;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One setting of {@link BillingConfig}: its names, its default, its bound, and how to read it from
 * text. A test compares the table in docs/configuration.md with {@link #ALL}.
 *
 * @param name in camel case, as the builder's method is called
 * @param defaultValue null when there is none
 * @param expected what a valid value is, for error messages
 * @param meaning for the documentation
 */
record Setting<T>(
    String name,
    @Nullable T defaultValue,
    String expected,
    String meaning,
    Function<String, T> parser,
    Predicate<T> valid) {

  static final Setting<Boolean> ENABLED =
      new Setting<>(
          "enabled",
          true,
          "true or false",
          "`false`: no connection and no journal; usage is validated, counted and dropped, and"
              + " `whenDisabled` decides about keys",
          Setting::parseBoolean,
          value -> true);
  static final Setting<WhenDisabled> WHEN_DISABLED =
      new Setting<>(
          "whenDisabled",
          WhenDisabled.DENY,
          "deny or allow",
          "With `enabled=false`: refuse every key, or allow every well-formed key",
          WhenDisabled::parse,
          value -> true);
  static final Setting<String> HOST =
      text(
          "host",
          null,
          253,
          "Host name of the broker, as its certificate states it; required unless"
              + " `enabled=false`");
  static final Setting<Integer> PORT =
      number("port", 8883, 1, 65_535, "Port of the broker's TLS listener");
  static final Setting<String> USERNAME =
      text("username", null, 65_535, "User for the broker; needs `password`");
  static final Setting<String> PASSWORD =
      text("password", null, 65_535, "Password for the broker; needs `username`");
  static final Setting<String> CLIENT_ID =
      new Setting<>(
          "clientId",
          null,
          "1 to 64 of A-Z, a-z, 0-9, _ and -",
          "MQTT client id, unique per process; without it: the user name, or a random one",
          text -> text,
          text -> text.matches("[A-Za-z0-9_-]{1,64}"));
  static final Setting<Path> CA_CERTIFICATES =
      path("caCertificates", "PEM file of the CAs to trust; without it: the JVM's trust store");
  static final Setting<Path> CLIENT_CERTIFICATE =
      path("clientCertificate", "PEM file of the client's certificate chain; needs `clientKey`");
  static final Setting<Path> CLIENT_KEY =
      path("clientKey", "PEM file of the client's private key, PKCS #8, not encrypted");
  static final Setting<Boolean> ALLOW_INSECURE =
      new Setting<>(
          "allowInsecure",
          false,
          "true or false",
          "Connect without TLS: keys and usage can be read and forged on the way",
          Setting::parseBoolean,
          value -> true);
  static final Setting<String> TOPIC_PREFIX =
      new Setting<>(
          "topicPrefix",
          "billing",
          "1 to 128 characters without +, #, space or control, not beginning or ending with /",
          "First part of every topic",
          text -> text,
          text ->
              text.matches("[^\\s+#/\\p{Cntrl}]([^\\s+#\\p{Cntrl}]{0,126}[^\\s+#/\\p{Cntrl}])?"));
  static final Setting<Protocol> PROTOCOL =
      new Setting<>(
          "protocol",
          Protocol.AUTO,
          "auto, v1 or v2",
          "Version of the wire protocol; `auto` follows the billing system",
          Protocol::parse,
          value -> true);
  static final Setting<Path> JOURNAL_DIRECTORY =
      new Setting<>(
          "journalDirectory",
          Path.of("billing-journal"),
          "the path of a directory",
          "Directory that keeps accepted events until they are delivered",
          Setting::parsePath,
          path -> true);
  static final Setting<Long> JOURNAL_MAX_BYTES =
      new Setting<>(
          "journalMaxBytes",
          1L << 30,
          "16777216 to 1099511627776 (bytes)",
          "Bound of the journal on disk, in bytes; see `whenFull`",
          Long::valueOf,
          value -> value >= 16L << 20 && value <= 1L << 40);
  static final Setting<Long> JOURNAL_MIN_FREE_BYTES =
      new Setting<>(
          "journalMinFreeBytes",
          64L << 20,
          "0 to 1099511627776 (bytes)",
          "The SDK rejects events while the journal's file system has less free space",
          Long::valueOf,
          value -> value >= 0 && value <= 1L << 40);
  static final Setting<Boolean> RECREATE_JOURNAL =
      new Setting<>(
          "recreateJournal",
          true,
          "true or false",
          "When somebody removes or moves the journal's directory in use: create it again, and"
              + " write the undelivered events there; `false`: reject events until it is back",
          Setting::parseBoolean,
          value -> true);
  static final Setting<WhenFull> WHEN_FULL =
      new Setting<>(
          "whenFull",
          WhenFull.reject(),
          "reject, drop-oldest, or a duration from 1ms to 1m",
          "At the bound: reject an event at once, drop the oldest events, or let the caller wait up"
              + " to this long for room",
          WhenFull::parse,
          value -> true);
  static final Setting<Durability> DURABILITY =
      new Setting<>(
          "durability",
          Durability.interval(Duration.ofMillis(200)),
          "every-write, operating-system, or a duration from 1ms to 1m",
          "When the SDK forces the journal to the disk",
          Durability::parse,
          value -> true);
  static final Setting<Duration> RETAIN_DELIVERED =
      new Setting<>(
          "retainDelivered",
          Duration.ZERO,
          "0s, or a duration from 1m to 90d, such as 30m, 48h or 7d",
          "Keep delivered events this long, for a billing system that is restored from a backup;"
              + " `0s`: delete them",
          DurationText::parse,
          value ->
              value.isZero()
                  || (value.compareTo(Duration.ofMinutes(1)) >= 0
                      && value.compareTo(Duration.ofDays(90)) <= 0));
  static final Setting<Long> RETAIN_DELIVERED_BYTES =
      new Setting<>(
          "retainDeliveredBytes",
          1L << 30,
          "134217728 to 1099511627776 (bytes)",
          "Bound of the delivered events that `retainDelivered` keeps, in addition to"
              + " `journalMaxBytes`; the SDK deletes the oldest first",
          Long::valueOf,
          value -> value >= 128L << 20 && value <= 1L << 40);
  static final Setting<Long> JOURNAL_IN_MEMORY =
      new Setting<>(
          "journalInMemory",
          null,
          "65536 to 17179869184 (bytes)",
          "Keep accepted events in memory instead, up to this many bytes; they are lost when the"
              + " process ends",
          Long::valueOf,
          value -> value >= 65_536 && value <= 16L << 30);
  static final Setting<Boolean> SHUTDOWN_HOOK =
      new Setting<>(
          "shutdownHook",
          true,
          "true or false",
          "When the JVM ends and nobody has closed the client: write accepted events to the"
              + " journal, and deliver none",
          Setting::parseBoolean,
          value -> true);
  static final Setting<Integer> WINDOW_MESSAGES =
      number(
          "windowMessages", 100, 1, 65_535, "Most events that are sent and not yet acknowledged");
  static final Setting<Integer> WINDOW_BYTES =
      number(
          "windowBytes",
          1 << 20,
          32_768,
          1 << 28,
          "Most bytes that are sent and not yet acknowledged");
  static final Setting<Duration> CONNECT_TIMEOUT =
      duration(
          "connectTimeout",
          "10s",
          "100ms",
          "5m",
          "Limit for TCP, for TLS and for the broker's answer, each");
  static final Setting<Duration> KEEP_ALIVE =
      duration("keepAlive", "10s", "1s", "5m", "Silence after which the SDK probes the connection");
  static final Setting<Duration> PUBLISH_TIMEOUT =
      duration(
          "publishTimeout",
          "30s",
          "1s",
          "10m",
          "After this long without an acknowledgement, the SDK reconnects and sends again");
  static final Setting<Duration> HEARTBEAT_INTERVAL =
      duration("heartbeatInterval", "10s", "1s", "1h", "Time between two heartbeats");
  static final Setting<Duration> MAX_KEY_STALENESS =
      duration(
          "maxKeyStaleness", "5m", "1s", "7d", "How long known keys work without a connection");

  static final Setting<WhenQuotaUnknown> WHEN_QUOTA_UNKNOWN =
      new Setting<>(
          "whenQuotaUnknown",
          WhenQuotaUnknown.deny(),
          "deny, allow, or a number above 0 and at most 2^53 with at most 18 decimals",
          "While there is no lease of a hard quota: refuse calls, let them go on, or let them use"
              + " so much in each process",
          WhenQuotaUnknown::parse,
          value -> true);

  static final List<Setting<?>> ALL =
      List.of(
          ENABLED,
          WHEN_DISABLED,
          HOST,
          PORT,
          USERNAME,
          PASSWORD,
          CLIENT_ID,
          CA_CERTIFICATES,
          CLIENT_CERTIFICATE,
          CLIENT_KEY,
          ALLOW_INSECURE,
          TOPIC_PREFIX,
          PROTOCOL,
          JOURNAL_DIRECTORY,
          JOURNAL_MAX_BYTES,
          JOURNAL_MIN_FREE_BYTES,
          RECREATE_JOURNAL,
          WHEN_FULL,
          DURABILITY,
          RETAIN_DELIVERED,
          RETAIN_DELIVERED_BYTES,
          JOURNAL_IN_MEMORY,
          SHUTDOWN_HOOK,
          WINDOW_MESSAGES,
          WINDOW_BYTES,
          CONNECT_TIMEOUT,
          KEEP_ALIVE,
          PUBLISH_TIMEOUT,
          HEARTBEAT_INTERVAL,
          MAX_KEY_STALENESS,
          WHEN_QUOTA_UNKNOWN);

  /** System property and key in {@code billing.properties}. */
  String property() {
    return "billing." + name;
  }

  /** Environment variable: {@code keepAlive} is {@code BILLING_KEEP_ALIVE}. */
  String environmentVariable() {
    return "BILLING_" + name.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }

  /** The value, if it is within the bound. */
  T checked(T value) {
    if (!valid.test(value)) {
      throw refused(name, value);
    }
    return value;
  }

  /** The value that a text stands for. */
  T parsed(String text, String where) {
    try {
      // Blanks at its ends are part of a password.
      T value = parser.apply(equals(PASSWORD) ? text : text.strip());
      if (valid.test(value)) {
        return value;
      }
    } catch (IllegalArgumentException malformed) {
      // Reported below in this setting's own words: a parser's message would not name the setting.
    }
    throw refused(where, text);
  }

  private IllegalArgumentException refused(String where, Object value) {
    String found = equals(PASSWORD) ? "***" : "'" + value + "'";
    return new IllegalArgumentException(where + " must be " + expected + ", but was " + found);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Setting<String> text(
      String name, @Nullable String defaultValue, int max, String meaning) {
    return new Setting<>(
        name,
        defaultValue,
        "1 to " + max + " characters",
        meaning,
        text -> text,
        text -> !text.isBlank() && text.length() <= max);
  }

  private static Setting<Integer> number(
      String name, int defaultValue, int min, int max, String meaning) {
    return new Setting<>(
        name,
        defaultValue,
        min + " to " + max,
        meaning,
        Integer::valueOf,
        value -> value >= min && value <= max);
  }

  private static Setting<Path> path(String name, String meaning) {
    return new Setting<>(name, null, "the path of a file", meaning, Setting::parsePath, p -> true);
  }

  private static Setting<Duration> duration(
      String name, String defaultValue, String min, String max, String meaning) {
    Duration least = DurationText.parse(min);
    Duration most = DurationText.parse(max);
    return new Setting<>(
        name,
        DurationText.parse(defaultValue),
        "a duration from " + min + " to " + max + ", such as 500ms, 10s or 5m",
        meaning,
        DurationText::parse,
        value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
  }

  private static Path parsePath(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private static boolean parseBoolean(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
