package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.keys.BlockCause;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The block of a key in the feed of protocol v1 follows its quotas. */
class UsedUpKeysTest extends KeyQuotaFixture {
  private QuotaNotices notices;

  @BeforeEach
  void useUp() throws Exception {
    limit("calls", 5, null, /* overage= */ false);
    use(5);
    notices = quotas.notices();
    notices.run();
    assertThat(causes()).containsExactly(BlockCause.QUOTA);
  }

  private List<BlockCause> causes() {
    return keys.one(KEY).orElseThrow().causes();
  }

  private void grant(long amount, Instant until) {
    var unused =
        new QuotaAdmin(database, quotas.source(), clock, new Actor("ann"))
            .grant(CALLS, BigDecimal.valueOf(amount), until, "ticket");
  }

  @Test
  void block_isLiftedByAGrant_andStandsAgainAtItsEnd() {
    Instant end = clock.instant().plus(Duration.ofHours(1));
    grant(3, end);
    notices.run();
    assertThat(causes()).isEmpty();
    clock.set(end.minusMillis(1));
    notices.run();
    assertThat(causes()).isEmpty();
    clock.set(end);
    notices.run();

    assertThat(causes()).containsExactly(BlockCause.QUOTA);
  }

  @Test
  void block_isLiftedByAGrantThatCameWhileNoServerRan() {
    grant(3, clock.instant().plus(Duration.ofHours(1)));
    quotas.notices().run();

    assertThat(causes()).isEmpty();
  }

  @Test
  void block_isLiftedByAHigherLimit_andStandsAgainAfterALowerOne() {
    limit("calls", 6, null, /* overage= */ false);
    notices.run();
    assertThat(causes()).isEmpty();
    limit("calls", 4, null, /* overage= */ false);
    notices.run();

    assertThat(causes()).containsExactly(BlockCause.QUOTA);
  }

  @Test
  void block_isLiftedWhenTheQuotaIsTakenAway_orNoLongerHard() {
    limit("calls", 5, null, /* overage= */ true);
    notices.run();
    assertThat(causes()).isEmpty();
    limit("calls", 5, null, /* overage= */ false);
    notices.run();
    assertThat(causes()).containsExactly(BlockCause.QUOTA);
    keys.change(KEY, terms -> terms.withQuotas(List.of()));
    notices.run();

    assertThat(causes()).isEmpty();
  }

  @Test
  void block_ofTwoUsedUpQuotas_standsUntilBothAreThereAgain() throws Exception {
    keys.change(
        KEY,
        terms ->
            terms.withQuotas(
                List.of(
                    Quota.unused("calls", BigDecimal.valueOf(5), null, /* overage= */ false),
                    Quota.unused("usage", BigDecimal.ONE, null, /* overage= */ false))));
    use(1);
    notices.run();
    grant(10, clock.instant().plus(Duration.ofHours(1)));
    notices.run();

    assertThat(causes()).as("the other one").containsExactly(BlockCause.QUOTA);
  }

  @Test
  void block_ofAnOperator_isNoneOfTheQuotas() {
    keys.block(KEY, "abuse");
    limit("calls", 6, null, /* overage= */ false);
    notices.run();

    assertThat(causes()).containsExactly(BlockCause.OPERATOR);
  }

  @Test
  void block_thatIsRight_isSaidOnce() throws Exception {
    long version = keys.one(KEY).orElseThrow().version();
    use(1);
    notices.run();
    quotas.notices().run();

    assertThat(keys.one(KEY).orElseThrow().version()).isEqualTo(version);
  }

  @Test
  void threshold_reachedByALowerLimit_isNoticed() throws Exception {
    String at80 =
        "SELECT count(*) FROM outbox_event WHERE kind = 'quota.threshold_reached'"
            + " AND (payload->>'threshold')::int = 80";
    limit("usage", 1_000, null, /* overage= */ false);
    use(8);
    notices.run();
    long before = number(at80);
    limit("usage", 10, null, /* overage= */ false);
    notices.run();

    assertThat(number(at80)).isEqualTo(before + 1);
  }
}
