package io.billingsdk.spring;

import io.billingsdk.grpc.ApiKeyInterceptorBuilder;

/** A bean that configures the key check further: which methods need no key, for example. */
@FunctionalInterface
public interface ApiKeyCustomizer {

  /** Called once, after the properties {@code billing.grpc.*} were applied. */
  void customize(ApiKeyInterceptorBuilder builder);
}
