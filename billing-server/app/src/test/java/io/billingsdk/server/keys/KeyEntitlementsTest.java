package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyEntitlementsTest {
  private static Quota quota(String meter, String limit) {
    return Quota.unused(meter, new BigDecimal(limit), null, /* overage= */ false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "gpt*4", "*gpt", "a\u0000b", "**"})
  void models_malformed_areRefusedByName(String model) {
    assertRefused(() -> KeyEntitlements.UNLIMITED.withModels(List.of(model)), "model");
  }

  @Test
  void models_tooLongOrTooMany_areRefused() {
    assertRefused(() -> KeyEntitlements.UNLIMITED.withModels(List.of("m".repeat(257))), "256");
    assertRefused(() -> KeyEntitlements.UNLIMITED.withModels(Collections.nCopies(33, "m")), "32");
    assertThat(
            KeyEntitlements.UNLIMITED.withModels(List.of("m".repeat(256), "gpt-4*", "*")).models())
        .hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"0,1", "-1,1", "0.0009,1", "1000000.000001,1", "1e999,1", "1,0", "1,-1", "1,1000001"})
  void rate_outOfBounds_isRefusedByName(BigDecimal perSecond, long burst) {
    assertRefused(
        () -> KeyEntitlements.UNLIMITED.withRate(new Rate(perSecond, burst)), "must be from");
  }

  @Test
  void quotas_malformed_areRefusedByMeter() {
    assertRefused(() -> KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("a b", "1"))), "meter");
    assertRefused(
        () -> KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("tokens", "-1"))), "tokens");
    assertRefused(
        () ->
            KeyEntitlements.UNLIMITED.withQuotas(
                List.of(quota("tokens", "1"), quota("tokens", "2"))),
        "twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740992.1", "1e16", "0.0000000000000000001"})
  void quotas_withALimitOutOfBounds_areRefusedByMeter(String limit) {
    assertRefused(
        () -> KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("tokens", limit))),
        "quotas.tokens must be a number from 0 to 2^53 with at most 18 decimals");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "9007199254740992", "9007199254740991.000000000000000001"})
  void quotas_withALimitInBounds_keepEachDigit(String limit) {
    assertThat(KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("tokens", limit))).quotas())
        .extracting(quota -> quota.limit().toPlainString())
        .containsExactly(limit);
  }

  /** A server with doubles took them, and another change must not be refused for them. */
  @Test
  void quotas_wideSinceEarlier_stayUntilTheyAreChanged() {
    KeyEntitlements wide =
        new KeyEntitlements(List.of(), null, null, List.of(quota("tokens", "1e300")));
    assertThat(wide.withModels(List.of("gpt-4")).withQuotas(wide.quotas()).quotas())
        .containsExactly(quota("tokens", "1e300"));
    assertRefused(() -> wide.withQuotas(List.of(quota("tokens", "1e301"))), "quotas.tokens");
  }

  @Test
  void rate_withTooManyDecimals_isRefused() {
    Rate rate = new Rate(new BigDecimal("1.0000000000000000001"), 1);
    assertRefused(() -> KeyEntitlements.UNLIMITED.withRate(rate), "at most 18 decimals");
  }

  @ParameterizedTest
  @CsvSource({"0.001,1", "1,1", "2.5,3", "1000000,1000000", "1e999,1000000"})
  void burstOf_aRate_isRoundedUpAndBounded(BigDecimal perSecond, long burst) {
    assertThat(Rate.burstOf(perSecond)).isEqualTo(burst);
  }

  @Test
  void equality_ofNumbersWrittenInOtherWays_holds() {
    assertThat(quota("tokens", "1E+3")).isEqualTo(quota("tokens", "1000.00"));
    assertThat(new Rate(new BigDecimal("2.50"), 1)).isEqualTo(new Rate(new BigDecimal("2.5"), 1));
  }

  private static void assertRefused(Runnable making, String named) {
    assertThatThrownBy(making::run).isInstanceOf(ServerException.class).hasMessageContaining(named);
  }
}
