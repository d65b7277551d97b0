package io.billingsdk.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.Money;
import io.billingsdk.server.common.RequestRefusedException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressiveTermsTest {
  private static final String PLAN =
      """
      plans:
        - {plan: p, name: P, currency: USD, interval: month, entitlements: {models: all},
           progressiveBilling: %s}
      """;

  private static ProgressiveTerms terms(String text) {
    PlanFile file = PlanFile.parse(PLAN.formatted(text));
    assertThat(PlanFile.parse(file.yaml()).json()).isEqualTo(file.json());
    return Objects.requireNonNull(file.plan("p").orElseThrow().progressive());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {thresholds: [200, 500]} | 0 | 200.00 USD
          {thresholds: [200, 500]} | 199.99 | 200.00 USD
          {thresholds: [200, 500]} | 200 | 500.00 USD
          {thresholds: [200, 500]} | 500 | none
          {thresholds: [200, 500], every: 1000} | 500 | 1500.00 USD
          {thresholds: [200, 500], every: 1000} | 1499.99 | 1500.00 USD
          {thresholds: [200, 500], every: 1000} | 3700 | 4500.00 USD
          {every: 0.50} | 0 | 0.50 USD
          {every: 0.50 USD} | 1.50 | 2.00 USD
          """)
  void next_afterAnInvoicedAmount_isTheLowestThresholdAboveIt(
      String terms, String invoiced, String next) {
    assertThat(terms(terms).next(Money.of("USD", invoiced)).map(Money::toString).orElse("none"))
        .isEqualTo(next);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {} | progressiveBilling.thresholds must be a list of 1 to 20 amounts, or every given
          {thresholds: []} | progressiveBilling.thresholds must be a list of 1 to 20 amounts
          {thresholds: [0]} | progressiveBilling.thresholds[0] must be above 0.00 USD
          {thresholds: [5, 5]} | progressiveBilling.thresholds[1] must be above 5.00 USD, the one before
          {thresholds: [0.001]} | progressiveBilling.thresholds[0] must be
          {every: 0} | progressiveBilling.every must be above 0.00 USD
          {every: 5 EUR} | progressiveBilling.every must be in USD
          {thresholds: [-1]} | progressiveBilling.thresholds[0] must be a number from 0
          {steps: [1]} | progressiveBilling
          """)
  void parse_ofThresholdsThatAreWrong_isRefusedByTheField(String terms, String message) {
    assertThatThrownBy(() -> PlanFile.parse(PLAN.formatted(terms)))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining(message);
  }

  @Test
  void plan_thatDoesNotSayIt_hasNone() {
    assertThat(PlanFile.shipped().plan("pro").orElseThrow().progressive()).isNull();
  }
}
