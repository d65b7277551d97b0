package io.billingsdk.recipes;

import io.billingsdk.Billing;
import io.billingsdk.BillingConfig;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;

/** A service of Quarkus. */
// region beans
@ApplicationScoped
class QuarkusRecipe {
  void start(@Observes StartupEvent started) {
    Billing.start(BillingConfig.load());
  }

  void stop(@Observes ShutdownEvent stopped) {
    Billing.close(Duration.ofSeconds(10));
  }

  @Produces
  @Singleton // the class is final, so no scope with a proxy
  @GlobalInterceptor
  ApiKeyInterceptor apiKeys() {
    return ApiKeyInterceptor.create();
  }
}
// endregion
