package io.billingsdk.spring;

import io.billingsdk.BillingClient;
import io.billingsdk.grpc.SpanDecisions;
import io.billingsdk.micrometer.BillingMetrics;
import io.billingsdk.micrometer.DecisionMetrics;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.opentelemetry.api.trace.Span;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Metrics, which Boot binds to each registry that it has, and the attributes of spans. */
@AutoConfiguration(
    after = BillingAutoConfiguration.class,
    before = BillingGrpcAutoConfiguration.class)
@ConditionalOnBean(BillingClient.class)
final class BillingMetricsAutoConfiguration {

  BillingMetricsAutoConfiguration() {}

  /** Where Micrometer is. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(MeterBinder.class)
  static class Client {

    @Bean
    @ConditionalOnMissingBean
    BillingMetrics billingMetrics(BillingClient client) {
      return BillingMetrics.of(client);
    }
  }

  /** Where there is Micrometer and gRPC. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({MeterBinder.class, ServerInterceptor.class})
  static class Calls {

    @Bean
    @ConditionalOnMissingBean
    DecisionMetrics billingDecisionMetrics() {
      return new DecisionMetrics();
    }
  }

  /** Where there is OpenTelemetry and gRPC. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass({Span.class, ServerInterceptor.class})
  static class Spans {

    @Bean
    @ConditionalOnMissingBean
    SpanDecisions billingSpanDecisions() {
      return new SpanDecisions();
    }
  }
}
