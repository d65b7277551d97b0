package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bounds of every setting, as text and as a value. */
final class SettingTest {

  /** A setting, texts that are just within its bound, and texts that are just beyond. */
  record Bound<T>(Setting<T> setting, List<String> valid, List<String> invalid) {
    @Override
    public String toString() {
      return setting.name();
    }
  }

  private static <T> Bound<T> of(Setting<T> setting, List<String> valid, List<String> invalid) {
    return new Bound<>(setting, valid, invalid);
  }

  static Stream<Bound<?>> bounds() {
    String x253 = "h".repeat(253);
    String x65535 = "u".repeat(65_535);
    List<String> notNumbers = List.of("", " ", "one", "1.0", "1e3", "0x1", "1_000");
    return Stream.of(
        of(
            Setting.ENABLED,
            List.of("true", "false", "TRUE", " False "),
            List.of("", "yes", "1", "on", "tru")),
        of(Setting.WHEN_DISABLED, List.of("deny", "ALLOW", " Allow "), List.of("", "yes", "block")),
        of(Setting.HOST, List.of("h", x253, "::1"), List.of("", " ", x253 + "h")),
        of(Setting.PORT, List.of("1", "65535"), plus(notNumbers, "0", "-1", "65536", "4294967297")),
        of(Setting.USERNAME, List.of("u", x65535), List.of("", "  ", x65535 + "u")),
        of(Setting.PASSWORD, List.of("p", x65535), List.of("", "  ", x65535 + "p")),
        of(
            Setting.CLIENT_ID,
            List.of("a", "A_z-9", "i".repeat(64)),
            List.of("", "a b", "ä", "a/b", "ı", "i".repeat(65))),
        of(Setting.CA_CERTIFICATES, List.of("/ca.pem", "rel/ca.pem"), List.of("a\u0000b")),
        of(Setting.CLIENT_CERTIFICATE, List.of("/c.pem"), List.of("a\u0000b")),
        of(Setting.CLIENT_KEY, List.of("/k.pem"), List.of("a\u0000b")),
        of(
            Setting.ALLOW_INSECURE,
            List.of("true", "false", "TRUE", " False "),
            List.of("", "yes", "1", "on", "tru")),
        of(
            Setting.TOPIC_PREFIX,
            List.of("b", "a/b", "größe", "t".repeat(128)),
            List.of("", "/a", "a/", "a+", "#", "a b", "a\u0000", "\n", "t".repeat(129))),
        of(
            Setting.PROTOCOL,
            List.of("auto", "v1", "V2", " Auto "),
            List.of("", "1", "v3", "v 1", "v1,v2")),
        of(Setting.JOURNAL_DIRECTORY, List.of("/var/lib/billing", "j"), List.of("a\u0000b")),
        of(
            Setting.JOURNAL_MAX_BYTES,
            List.of("16777216", "1099511627776"),
            plus(notNumbers, "16777215", "1099511627777", "-1")),
        of(
            Setting.JOURNAL_MIN_FREE_BYTES,
            List.of("0", "1099511627776"),
            plus(notNumbers, "1099511627777", "-1")),
        of(
            Setting.RECREATE_JOURNAL,
            List.of("true", "false", "TRUE", " False "),
            List.of("", "yes", "1", "on", "tru")),
        of(
            Setting.WHEN_FULL,
            List.of("reject", "1ms", "1m"),
            List.of("", "0ms", "61s", "200", "block", "Reject", "drop")),
        of(
            Setting.DURABILITY,
            List.of("every-write", "operating-system", "1ms", "1m"),
            List.of("", "0ms", "61s", "200", "always", "Every-Write")),
        of(
            Setting.RETAIN_DELIVERED,
            List.of("0s", "1m", "48h", "90d"),
            List.of("", "1s", "59s", "91d", "10", "-1s", "P1D")),
        of(
            Setting.RETAIN_DELIVERED_BYTES,
            List.of("134217728", "1099511627776"),
            plus(notNumbers, "134217727", "1099511627777", "-1")),
        of(
            Setting.JOURNAL_IN_MEMORY,
            List.of("65536", "17179869184"),
            plus(notNumbers, "65535", "17179869185", "9223372036854775808", "-1")),
        of(
            Setting.SHUTDOWN_HOOK,
            List.of("true", "false", "TRUE", " False "),
            List.of("", "yes", "1", "on", "tru")),
        of(Setting.WINDOW_MESSAGES, List.of("1", "65535"), plus(notNumbers, "0", "65536")),
        of(
            Setting.WINDOW_BYTES,
            List.of("32768", "268435456"),
            plus(notNumbers, "32767", "268435457")),
        duration(Setting.CONNECT_TIMEOUT, "100ms", "5m", "99ms", "301s"),
        duration(Setting.KEEP_ALIVE, "1s", "5m", "999ms", "301s"),
        duration(Setting.PUBLISH_TIMEOUT, "1s", "10m", "999ms", "601s"),
        duration(Setting.HEARTBEAT_INTERVAL, "1s", "1h", "999ms", "3601s"),
        duration(Setting.MAX_KEY_STALENESS, "1s", "7d", "999ms", "604801s"),
        of(
            Setting.WHEN_QUOTA_UNKNOWN,
            List.of("deny", "allow", "1", "0.5", "9007199254740992"),
            List.of("", "Deny", "0", "-1", "9007199254740993", "1e-19", "many", "1".repeat(41))));
  }

  private static <T> Bound<T> duration(
      Setting<T> setting, String least, String most, String tooShort, String tooLong) {
    return of(
        setting, List.of(least, most), List.of(tooShort, tooLong, "0s", "", "10", "PT10S", "-1s"));
  }

  private static List<String> plus(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void bounds_ofThisTest_areThoseOfEverySetting() {
    assertThat(bounds().<Setting<?>>map(Bound::setting)).containsExactlyElementsOf(Setting.ALL);
  }

  @ParameterizedTest
  @MethodSource("bounds")
  <T> void parsed_withinTheBound_isTaken(Bound<T> bound) {
    for (String text : bound.valid()) {
      T value = bound.setting().parsed(text, "here");
      assertThat(bound.setting().checked(value)).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @MethodSource("bounds")
  <T> void parsed_beyondTheBound_namesThePlaceAndWhatIsExpected(Bound<T> bound) {
    for (String text : bound.invalid()) {
      assertThatThrownBy(() -> bound.setting().parsed(text, "here (file)"))
          .as("'%s'", text)
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("here (file) must be " + bound.setting().expected());
    }
  }

  @ParameterizedTest
  @MethodSource("bounds")
  <T> void defaultValue_ifAny_isWithinItsOwnBound(Bound<T> bound) {
    @Nullable T value = bound.setting().defaultValue();
    if (value != null) {
      assertThat(bound.setting().checked(value)).isEqualTo(value);
    }
  }

  @Test
  void parsed_password_isNotQuotedWhenRefused() {
    assertThatThrownBy(() -> Setting.PASSWORD.parsed("canary".repeat(20_000), "here"))
        .hasMessageNotContaining("canary")
        .hasMessageContaining("***");
  }

  /** Blanks at its ends are part of a password. */
  @Test
  void parsed_password_isTakenAsItIs() {
    assertThat(Setting.PASSWORD.parsed(" pass ", "here")).isEqualTo(" pass ");
    assertThat(Setting.USERNAME.parsed(" user ", "here")).isEqualTo("user");
  }

  @Test
  void names_always_areDerivedFromTheSetting() {
    assertThat(Setting.KEEP_ALIVE.property()).isEqualTo("billing.keepAlive");
    assertThat(Setting.KEEP_ALIVE.environmentVariable()).isEqualTo("BILLING_KEEP_ALIVE");
    assertThat(Setting.JOURNAL_IN_MEMORY.environmentVariable())
        .isEqualTo("BILLING_JOURNAL_IN_MEMORY");
    assertThat(Setting.CLIENT_ID.environmentVariable())
        .as("also where i has no dot as a capital")
        .isEqualTo("BILLING_CLIENT_ID");
  }
}
