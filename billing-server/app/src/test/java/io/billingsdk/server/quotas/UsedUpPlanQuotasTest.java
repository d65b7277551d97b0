package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.keys.BlockCause;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which quotas of plans block a key in the feed of protocol v1. */
class UsedUpPlanQuotasTest extends PlanQuotaFixture {
  private static final String PLANS =
      """
      meters:
        - {slug: calls, unit: call, value: one, aggregation: count}
        - {slug: gpt_calls, unit: call, models: [gpt-4*], value: one, aggregation: count}
      plans:
        - plan: capped
          name: Capped
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: calls, limit: 2, mode: overage, overageCap: 2}]
        - plan: filtered
          name: Filtered
          currency: USD
          interval: month
          entitlements:
            models: all
            quotas: [{meter: gpt_calls, limit: 2, mode: hard}]
      """;

  private void call(int times) {
    for (int i = 0; i < times; i++) {
      use("gpt-4o", 1);
    }
  }

  @Test
  void overageCap_thatIsUsedUp_blocks_andTheLimitDoesNot() {
    subscribe(PLANS, "capped");
    QuotaNotices notices = quotas.notices();
    call(3);
    notices.run();
    assertThat(causes()).as("above the limit, within the cap").isEmpty();
    call(1);
    notices.run();
    assertThat(causes()).containsExactly(BlockCause.QUOTA);
    var unused =
        new QuotaAdmin(database, quotas.source(), clock, TESTER)
            .grant(
                "customer/acme/calls",
                BigDecimal.ONE,
                clock.instant().plus(Duration.ofHours(1)),
                "ticket");
    notices.run();

    assertThat(causes()).isEmpty();
  }

  @Test
  void filteredQuota_thatIsUsedUp_isNoticed_andBlocksNoOtherCalls() throws SQLException {
    subscribe(PLANS, "filtered");
    call(3);
    quotas.notices().run();

    assertThat(
            world.count(
                "SELECT count(*) FROM outbox_event WHERE kind = 'quota.threshold_reached'"
                    + " AND (payload->>'threshold')::int = 100"))
        .isOne();
    assertThat(causes()).isEmpty();
  }
}
