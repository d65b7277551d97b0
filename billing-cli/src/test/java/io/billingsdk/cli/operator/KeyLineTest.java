package io.billingsdk.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.StoredKey;
import io.billingsdk.server.keys.StoredKey.KeyStatus;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KeyLineTest {
  private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");

  private static StoredKey key(
      KeyStatus status, @Nullable String reason, @Nullable Instant expires) {
    return new StoredKey(
        "k1",
        "00".repeat(32),
        "acme",
        status,
        reason,
        7,
        expires == null ? null : expires.toEpochMilli(),
        List.of(),
        null,
        List.of(Quota.unused("tokens", new BigDecimal("1000"), null, /* overage= */ true)));
  }

  @Test
  void of_keyThatHasEnded_isExpired_alsoAtThatMoment() {
    assertThat(KeyLine.of(key(KeyStatus.OK, null, NOW.plusMillis(1)), null, NOW))
        .startsWith("k1  app=acme  ok  version=7  expires=2026-11-29T10:00:00.001Z");
    assertThat(KeyLine.of(key(KeyStatus.OK, null, NOW), null, NOW))
        .startsWith("k1  app=acme  expired  version=7  expires=2026-11-29T10:00:00Z");
  }

  @Test
  void of_keyThatIsBlockedOrRemoved_isThat_whenItHasEndedToo() {
    assertThat(KeyLine.of(key(KeyStatus.BLOCKED, "unpaid", NOW), null, NOW))
        .startsWith("k1  app=acme  blocked (unpaid)  ");
    assertThat(KeyLine.of(key(KeyStatus.REMOVED, null, NOW), null, NOW)).contains("  removed  ");
  }

  @Test
  void of_keyThatWasRotated_namesItsSuccessor() {
    assertThat(KeyLine.of(key(KeyStatus.OK, null, null), "k2", NOW)).contains("  successor=k2  ");
    assertThat(KeyLine.of(key(KeyStatus.OK, null, null), null, NOW)).doesNotContain("successor");
  }

  @Test
  void of_quota_hasItsLimit_andNoFigureThatNobodyCounted() {
    assertThat(KeyLine.of(key(KeyStatus.OK, null, null), null, NOW))
        .endsWith("quota=tokens=1000,overage")
        .doesNotContain("used");
  }
}
