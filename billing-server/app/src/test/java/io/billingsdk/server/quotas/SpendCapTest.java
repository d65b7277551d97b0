package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.keys.BlockCause;
import org.junit.jupiter.api.Test;

/** The price of usage is counted to a spend cap, whatever values the events have. */
class SpendCapTest extends PlanQuotaFixture {
  private static final String LISTED =
      """
      meters:
        - {slug: tokens, unit: token, value: usage, aggregation: sum}
      plans:
        - plan: listed
          name: Listed
          currency: USD
          interval: month
          entitlements:
            models: [gpt-4, small]
            quotas: [{meter: amount, limit: 10, mode: hard}]
          charges:
            - id: tokens
              name: Tokens
              kind: metered
              meter: tokens
              dimension: model
              prices:
                gpt-4: {model: unit, price: 0.05}
                small: {model: unit, price: 0.01}
      """;

  @Test
  void cap_afterUsageOfAValueWithoutAPrice_countsAllOtherUsage_andBlocks() {
    subscribe(LISTED, "listed");
    use("unlisted", 7);
    use("gpt-4", 100);
    use("unlisted", 7);
    use("small", 100);
    SpendStops stops = quotas.spendStops();
    stops.run();
    assertThat(spent()).isEqualByComparingTo("6");
    assertThat(causes()).isEmpty();
    use("gpt-4", 80);
    stops.run();

    assertThat(spent()).isEqualByComparingTo("10");
    assertThat(causes()).containsExactly(BlockCause.PLAN);
  }
}
