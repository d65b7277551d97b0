package io.billingsdk.spring;

import io.billingsdk.grpc.MeteringInterceptorBuilder;

/**
 * A bean that configures which methods are metered, and how. Without one there is no {@link
 * io.billingsdk.grpc.MeteringInterceptor}.
 */
@FunctionalInterface
public interface MeteringCustomizer {

  /** Called once, after the properties {@code billing.grpc.*} were applied. */
  void customize(MeteringInterceptorBuilder builder);
}
