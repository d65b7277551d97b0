package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;

/** Puts the key check around one service, as its annotations say. */
public final class BillingInterceptors {

  private BillingInterceptors() {}

  /**
   * Calls {@link #protect(BindableService, ApiKeyInterceptor, ServerInterceptor...)} with the
   * default key check.
   */
  public static ServerServiceDefinition protect(BindableService service) {
    return protect(service, ApiKeyInterceptor.create());
  }

  /**
   * The service with the key check around each method, by the {@link RequireApiKey} on the method
   * or on its class. A method without either gets the policy that {@link ApiKeyInterceptor} gives
   * to any other.
   *
   * <p>The annotations are read once, now. The server may have the check too: each call is checked
   * once.
   *
   * @param inside interceptors that see only calls that were let in, such as a {@link
   *     MeteringInterceptor}; of several the last runs first
   * @throws IllegalArgumentException when there is no annotation, or one is on a Java method that
   *     is not one of the service's: it would protect nothing
   */
  public static ServerServiceDefinition protect(
      BindableService service, ApiKeyInterceptor interceptor, ServerInterceptor... inside) {
    ServerServiceDefinition definition = requireNonNull(service, "service").bindService();
    requireNonNull(interceptor, "interceptor");
    AnnotatedPolicies policies =
        AnnotatedPolicies.of(service.getClass(), definition.getServiceDescriptor());
    return ServerInterceptors.intercept(
        ServerInterceptors.intercept(definition, inside), interceptor.with(policies));
  }
}
