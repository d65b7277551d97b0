package io.billingsdk.spring;

import io.billingsdk.grpc.ApiKeyInterceptorBuilder;

/** A bean that says more about the key check: which methods demand no key, for example. */
@FunctionalInterface
public interface ApiKeyCustomizer {

  /** Called once, after the properties {@code billing.grpc.*} were applied. */
  void customize(ApiKeyInterceptorBuilder builder);
}
