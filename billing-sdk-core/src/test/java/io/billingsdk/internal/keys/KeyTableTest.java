package io.billingsdk.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.billingsdk.KeyDecision;
import io.billingsdk.KeyDecision.Allowed;
import io.billingsdk.KeyDecision.Denied;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.protocol.KeyUpdate;
import io.billingsdk.protocol.KeyUpdate.Entry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyTableTest {
  private static final Duration STALENESS = Duration.ofMinutes(5);
  private static final Duration NANO = Duration.ofNanos(1);
  private static final String KEY = "sk-0123456789-secret";
  private static final KeyDecision UNAVAILABLE =
      Denied.because(DenialReason.UNAVAILABLE).withRetryAfter(Duration.ofSeconds(1));

  private final ManualClock clock = new ManualClock();
  private final KeyTable table = new KeyTable(clock, STALENESS);

  private List<KeyChange> apply(Entry... entries) {
    return table.apply(new KeyUpdate(0, List.of(entries), 0));
  }

  private static Entry ok(String key) {
    return new Entry("app", key, /* blocked= */ false, null);
  }

  private static Entry blocked(String key, @Nullable String reason) {
    return new Entry("app", key, /* blocked= */ true, reason);
  }

  private void upWith(Entry... entries) {
    table.feedUp();
    assertThat(apply(entries)).hasSize(entries.length);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "\t \n"})
  void check_noKey_isMissingEvenWhenNothingIsLoaded(@Nullable String key) {
    assertThat(table.check(key)).isEqualTo(Denied.because(DenialReason.MISSING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", " sk", "schlüssel", "sk\u0000", "sk\u007f", "sk\n", "😀"})
  void check_malformedKey_isInvalidEvenWhenNothingIsLoaded(String key) {
    assertThat(table.check(key)).isEqualTo(Denied.because(DenialReason.INVALID));
  }

  @Test
  void check_keyOf256And257Characters_onlyTheShorterIsWellFormed() {
    String longest = "k".repeat(256);
    upWith(ok(longest));
    assertThat(table.check(longest)).isInstanceOf(Allowed.class);
    assertThat(table.check(longest + "k")).isEqualTo(Denied.because(DenialReason.INVALID));
  }

  @Test
  void check_nothingLoaded_isUnavailableWithRetry() {
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
    table.feedUp();
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
    assertThat(table.loaded()).isFalse();
  }

  @Test
  void check_knownKey_isAllowedForItsCaller() {
    upWith(ok(KEY));
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
    Caller caller = ((Allowed) table.check(KEY)).caller();
    assertThat(caller.appId()).isEqualTo("app");
    assertThat(caller.keyId()).matches("k_[0-9a-f]{16}");
    assertThat(caller.toString()).doesNotContain(KEY);
  }

  @Test
  void check_unknownKey_isInvalid() {
    upWith(ok(KEY));
    assertThat(table.check(KEY + "x")).isEqualTo(Denied.because(DenialReason.INVALID));
  }

  @Test
  void check_blockedKey_saysTheOperatorsReason() {
    upWith(blocked(KEY, "invoice 7 unpaid"));
    assertThat(table.check(KEY))
        .isEqualTo(Denied.because(DenialReason.BLOCKED).withOperatorReason("invoice 7 unpaid"));
  }

  @Test
  void apply_blockAndUnblock_tellsEachChangeOnce() {
    upWith(ok(KEY), ok("other"));
    assertThat(apply(ok(KEY))).as("nothing new").isEmpty();
    assertThat(apply(blocked(KEY, "stolen")))
        .singleElement()
        .satisfies(change -> assertThat(change.blocked()).isTrue())
        .satisfies(change -> assertThat(change.reason()).isEqualTo("stolen"))
        .satisfies(change -> assertThat(change.toString()).doesNotContain(KEY));
    assertThat(apply(blocked(KEY, "stolen twice"))).isEmpty();
    assertThat(table.check(KEY))
        .isEqualTo(Denied.because(DenialReason.BLOCKED).withOperatorReason("stolen twice"));
    assertThat(table.check("other")).as("others are unchanged").isInstanceOf(Allowed.class);
    assertThat(apply(ok(KEY))).hasSize(1);
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
  }

  @Test
  void check_feedLost_worksExactlyAsLongAsTheBound() {
    upWith(ok(KEY));
    clock.advance(Duration.ofDays(30));
    assertThat(table.check(KEY)).as("connected, however long").isInstanceOf(Allowed.class);
    table.feedDown();
    clock.advance(STALENESS);
    assertThat(table.check(KEY)).as("at the bound").isInstanceOf(Allowed.class);
    clock.advance(NANO);
    assertThat(table.check(KEY)).as("beyond the bound").isEqualTo(UNAVAILABLE);
  }

  /** The monotonic clock overflows within the bound: readings must be subtracted, not compared. */
  @Test
  void check_feedJustLost_isAllowedAlthoughTheClockOverflows() {
    upWith(ok(KEY));
    assertThat(clock.monotonicNanos()).isPositive();
    table.feedDown();
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
    clock.advance(Duration.ofSeconds(6));
    assertThat(clock.monotonicNanos()).isNegative();
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void check_wallClockJumpsByADay_neitherShortensNorProlongs(int days) {
    upWith(ok(KEY));
    table.feedDown();
    clock.jumpWall(Duration.ofDays(days));
    clock.advance(STALENESS);
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
    clock.jumpWall(Duration.ofDays(-2L * days));
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
    clock.advance(NANO);
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
  }

  @Test
  void feedDown_repeated_doesNotProlong() {
    upWith(ok(KEY));
    table.feedDown();
    clock.advance(STALENESS);
    table.feedDown();
    clock.advance(NANO);
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
  }

  @Test
  void feedUp_stale_isUsableOnceAnUpdateCame() {
    upWith(ok(KEY));
    table.feedDown();
    clock.advance(STALENESS.multipliedBy(2));
    table.feedUp();
    assertThat(apply()).isEmpty();
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
  }

  /**
   * A key that was blocked during an outage worked again from the moment of the reconnect until the
   * billing system answered, and for ever if it never did: a connection to the broker alone says
   * nothing about who was blocked meanwhile.
   */
  @Test
  void feedUp_staleAndNotAnswered_staysUnavailable() {
    upWith(ok(KEY));
    table.feedDown();
    clock.advance(STALENESS.plus(NANO));
    table.feedUp();
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
    table.feedDown();
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
    table.feedUp();
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
  }

  /** The age counts from the first loss, not from the last: flapping must not keep it young. */
  @Test
  void feedUp_flappingWithoutAnswer_agesFromTheFirstLoss() {
    upWith(ok(KEY));
    table.feedDown();
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofMinutes(1));
      assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
      table.feedUp();
      table.feedDown();
    }
    clock.advance(NANO);
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
  }

  /** An update of the connection before may still be on its way through a queue. */
  @Test
  void apply_whileDown_isTakenInButDoesNotMakeTheTableYoung() {
    upWith(ok(KEY));
    table.feedDown();
    assertThat(apply(blocked("other", null))).hasSize(1);
    clock.advance(STALENESS.plus(NANO));
    assertThat(apply(ok("third"))).hasSize(1);
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
  }

  /** The first update can overtake the word that the link is up. */
  @Test
  void apply_beforeTheFeedIsUp_countsFromTheBeginning() {
    assertThat(apply(ok(KEY))).hasSize(1);
    clock.advance(STALENESS);
    assertThat(table.check(KEY)).isInstanceOf(Allowed.class);
    clock.advance(NANO);
    assertThat(table.check(KEY)).isEqualTo(UNAVAILABLE);
  }

  @Test
  void appIdOf_unknownOrBlocked_isNullAndKnownWorksHoweverOld() {
    upWith(ok(KEY), blocked("blocked", null));
    table.feedDown();
    clock.advance(Duration.ofDays(9));
    assertThat(table.appIdOf(KEY)).isEqualTo("app");
    assertThat(table.appIdOf("blocked")).isNull();
    assertThat(table.appIdOf("unknown")).isNull();
  }

  @Test
  void figures_afterUpdates_countKeysAndBlocked() {
    assertThat(table.figures().loaded()).isFalse();
    assertThat(table.figures().updatedAt()).isNull();
    upWith(ok(KEY), blocked("blocked", null), ok("third"));
    assertThat(table.figures().known()).isEqualTo(3);
    assertThat(table.figures().blocked()).isEqualTo(1);
    assertThat(table.figures().updatedAt()).isNotNull();
  }
}
