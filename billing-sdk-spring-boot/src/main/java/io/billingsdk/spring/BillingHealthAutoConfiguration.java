package io.billingsdk.spring;

import io.billingsdk.BillingClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health of the client, {@code billing} in {@code /actuator/health}. Boot 4 has moved the
 * classes: of the two halves the one loads whose classes are there.
 */
@AutoConfiguration(after = BillingAutoConfiguration.class)
@ConditionalOnBean(BillingClient.class)
final class BillingHealthAutoConfiguration {

  BillingHealthAutoConfiguration() {}

  /** Boot 3. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
  @ConditionalOnMissingClass("org.springframework.boot.health.contributor.HealthIndicator")
  @org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator(
      "billing")
  static class OfBoot3 {

    @Bean
    @ConditionalOnMissingBean(name = "billingHealthIndicator")
    org.springframework.boot.actuate.health.HealthIndicator billingHealthIndicator(
        BillingClient client) {
      return () -> {
        HealthDetails health = HealthDetails.of(client);
        return (health.up()
                ? org.springframework.boot.actuate.health.Health.up()
                : org.springframework.boot.actuate.health.Health.down())
            .withDetails(health.details())
            .build();
      };
    }
  }

  /** Boot 4. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
  @org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator(
      "billing")
  static class OfBoot4 {

    @Bean
    @ConditionalOnMissingBean(name = "billingHealthIndicator")
    org.springframework.boot.health.contributor.HealthIndicator billingHealthIndicator(
        BillingClient client) {
      return () -> {
        HealthDetails health = HealthDetails.of(client);
        return (health.up()
                ? org.springframework.boot.health.contributor.Health.up()
                : org.springframework.boot.health.contributor.Health.down())
            .withDetails(health.details())
            .build();
      };
    }
  }
}
