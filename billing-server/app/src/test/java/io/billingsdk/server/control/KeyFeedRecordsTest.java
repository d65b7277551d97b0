package io.billingsdk.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.keys.StoredKey;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyFeedRecordsTest {
  private static final BigDecimal EXACT = new BigDecimal("9007199254740991.000000000000000001");

  private static KeyEntitlements.Quota quota(
      String meter, BigDecimal limit, long used, @Nullable Long resets, boolean overage) {
    return new KeyEntitlements.Quota(meter, limit, BigDecimal.valueOf(used), resets, overage);
  }

  /** Each value another one, so that none can stand in another's place. */
  @Test
  void of_aKeyWithEverything_keepsEachPart() {
    StoredKey key =
        new StoredKey(
            "k_1",
            "ab".repeat(32),
            "acme",
            StoredKey.KeyStatus.BLOCKED,
            "unpaid",
            7,
            8L,
            List.of("gpt-4*", "m"),
            new KeyEntitlements.Rate(new BigDecimal("2.5"), 9),
            List.of(
                quota("tokens", EXACT, 11, 12L, /* overage= */ true),
                quota("calls", BigDecimal.valueOf(13), 14, null, /* overage= */ false)));
    assertThat(KeyFeedRecords.of(List.of(key)))
        .containsExactly(
            new KeyRecord(
                "k_1",
                "ab".repeat(32),
                "acme",
                KeyRecord.Status.BLOCKED,
                "unpaid",
                7,
                8L,
                List.of("gpt-4*", "m"),
                new KeyRecord.Rate(2.5, 9),
                List.of(
                    new KeyRecord.Quota(
                        "tokens",
                        EXACT,
                        new BigDecimal("11"),
                        12L,
                        /* overage= */ true,
                        "key/k_1/tokens"),
                    new KeyRecord.Quota(
                        "calls",
                        new BigDecimal("13"),
                        new BigDecimal("14"),
                        null,
                        /* overage= */ false,
                        "key/k_1/calls"))));
  }

  @ParameterizedTest
  @EnumSource(StoredKey.KeyStatus.class)
  void of_aKeyWithoutTerms_keepsItsStatus(StoredKey.KeyStatus status) {
    StoredKey key =
        new StoredKey("k_1", "cd", "acme", status, null, 1, null, List.of(), null, List.of());
    KeyRecord told = KeyFeedRecords.of(List.of(key)).get(0);
    assertThat(told.status().name()).isEqualTo(status.name());
    assertThat(told.rate()).isNull();
    assertThat(told.expiresAtMillis()).isNull();
    assertThat(told.reason()).isNull();
  }
}
