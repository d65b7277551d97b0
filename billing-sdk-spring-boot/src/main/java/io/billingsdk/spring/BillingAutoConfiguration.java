package io.billingsdk.spring;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.BillingListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The billing client, from the properties {@code billing.*}.
 *
 * <p>A bean of type {@link BillingClient} in the application replaces all of it: then no property
 * is needed, and the application starts and closes its client itself. A bean of type {@link
 * BillingConfig} replaces the properties.
 */
@AutoConfiguration
@EnableConfigurationProperties(BillingProperties.class)
public final class BillingAutoConfiguration {

  /** Created by Spring. */
  public BillingAutoConfiguration() {}

  /** Where the application has no client of its own. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingBean(BillingClient.class)
  static class OwnClient {

    @Bean
    @ConditionalOnMissingBean
    BillingConfig billingConfig(
        BillingProperties properties, ObjectProvider<BillingConfigCustomizer> customizers) {
      return SettingsFromProperties.of(properties, customizers.orderedStream().toList());
    }

    /** Spring closes it too, for a context that fails before its lifecycle has begun. */
    @Bean
    BillingClient billingClient(BillingConfig config, ObjectProvider<BillingListener> listeners) {
      BillingClient client = Billing.start(config);
      listeners.orderedStream().forEach(client::addListener);
      return client;
    }

    @Bean
    BillingLifecycle billingLifecycle(BillingClient client, BillingProperties properties) {
      return new BillingLifecycle(client, properties.startupWait(), properties.closeTimeout());
    }
  }
}
