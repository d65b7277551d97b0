package io.billingsdk.spring;

import io.billingsdk.BillingClient;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.grpc.ApiKeyInterceptorBuilder;
import io.billingsdk.grpc.DecisionListener;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.MeteringInterceptorBuilder;
import io.grpc.ServerInterceptor;
import java.util.function.Consumer;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;

/**
 * The interceptors, around every service of the gRPC server: of spring-grpc by one annotation, of
 * net.devh by the other. An annotation whose class is missing does not exist to the JVM and to
 * Spring. A server that is built by hand takes the beans.
 */
@AutoConfiguration(after = BillingAutoConfiguration.class)
@ConditionalOnClass(ServerInterceptor.class)
@ConditionalOnBean(BillingClient.class)
final class BillingGrpcAutoConfiguration {
  /** Inside of tracing (net.devh: 2500, spring-grpc: 0) and outside of what has no order. */
  static final int KEYS_ORDER = 3000;

  /** Inside of the key check, without which a metered call ends with INTERNAL. */
  static final int METERING_ORDER = 3100;

  BillingGrpcAutoConfiguration() {}

  @Bean
  @GlobalServerInterceptor
  @GrpcGlobalServerInterceptor
  @Order(KEYS_ORDER)
  @ConditionalOnMissingBean
  ApiKeyInterceptor billingApiKeyInterceptor(
      BillingClient client,
      BillingProperties properties,
      ObjectProvider<DecisionListener> listeners,
      ObjectProvider<ApiKeyCustomizer> customizers) {
    ApiKeyInterceptorBuilder builder = ApiKeyInterceptor.builder().client(client);
    set(properties.grpc().headers(), builder::headers);
    set(properties.grpc().onRevoke(), builder::onRevoke);
    listeners.orderedStream().forEach(builder::listener);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  @Bean
  @GlobalServerInterceptor
  @GrpcGlobalServerInterceptor
  @Order(METERING_ORDER)
  @ConditionalOnMissingBean
  @ConditionalOnBean(MeteringCustomizer.class)
  MeteringInterceptor billingMeteringInterceptor(
      BillingProperties properties,
      ObjectProvider<DecisionListener> listeners,
      ObjectProvider<MeteringCustomizer> customizers) {
    BillingProperties.Grpc grpc = properties.grpc();
    MeteringInterceptorBuilder builder = MeteringInterceptor.builder();
    set(grpc.billOn(), builder::billOn);
    set(grpc.minimumOnFailure(), builder::minimumOnFailure);
    set(grpc.settleEvery(), builder::settleEvery);
    set(grpc.settleEveryMessages(), builder::settleEveryMessages);
    set(grpc.strict(), builder::strict);
    listeners.orderedStream().forEach(builder::listener);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return builder.build();
  }

  private static <T> void set(@Nullable T value, Consumer<T> setter) {
    if (value != null) {
      setter.accept(value);
    }
  }
}
