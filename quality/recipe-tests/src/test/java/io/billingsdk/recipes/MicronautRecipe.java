package io.billingsdk.recipes;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.grpc.ServerInterceptor;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import jakarta.inject.Singleton;

/** A service of Micronaut. */
// region beans
@Factory
class MicronautRecipe {
  @Context // at the start, not at the first call
  @Bean(preDestroy = "close")
  BillingClient billing() {
    return Billing.start(BillingConfig.load());
  }

  @Singleton
  ServerInterceptor apiKeys(BillingClient client) {
    return ApiKeyInterceptor.builder().client(client).build();
  }
}
// endregion
