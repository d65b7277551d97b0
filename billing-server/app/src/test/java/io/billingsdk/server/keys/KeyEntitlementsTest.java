package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyEntitlementsTest {
  private static Quota quota(String meter, double limit) {
    return new Quota(meter, limit, 0, null, /* overage= */ false);
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
  @CsvSource({"0,1", "-1,1", "NaN,1", "Infinity,1", "1000001,1", "1,0", "1,-1", "1,1000001"})
  void rate_outOfBounds_isRefusedByName(double perSecond, long burst) {
    assertRefused(
        () -> KeyEntitlements.UNLIMITED.withRate(new Rate(perSecond, burst)), "must be from");
  }

  @Test
  void quotas_malformed_areRefusedByMeter() {
    assertRefused(() -> KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("a b", 1))), "meter");
    assertRefused(
        () -> KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("tokens", -1))), "tokens");
    assertRefused(
        () -> KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("tokens", Double.NaN))), "tokens");
    assertRefused(
        () -> KeyEntitlements.UNLIMITED.withQuotas(List.of(quota("tokens", 1), quota("tokens", 2))),
        "twice");
  }

  private static void assertRefused(Runnable making, String named) {
    assertThatThrownBy(making::run).isInstanceOf(ServerException.class).hasMessageContaining(named);
  }
}
