package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Builds an {@link ApiKeyInterceptor}. Strict and early. Not thread-safe. */
public final class ApiKeyInterceptorBuilder {
  private static final Set<String> EXEMPT_SERVICES =
      Set.of(
          "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection",
          "grpc.reflection.v1alpha.ServerReflection");

  private Supplier<Optional<BillingClient>> client = Billing::client;
  private Predicate<MethodDescriptor<?, ?>> exempt =
      method -> EXEMPT_SERVICES.contains(String.valueOf(method.getServiceName()));
  private KeyHeaders headers = KeyHeaders.usual();

  ApiKeyInterceptorBuilder() {}

  /** The client to ask, empty while there is none. Default: {@link Billing#client()}. */
  public ApiKeyInterceptorBuilder client(Supplier<Optional<BillingClient>> supplier) {
    client = requireNonNull(supplier, "client");
    return this;
  }

  /** The one client to ask. */
  public ApiKeyInterceptorBuilder client(BillingClient fixed) {
    Optional<BillingClient> always = Optional.of(requireNonNull(fixed, "client"));
    return client(() -> always);
  }

  /**
   * Lets calls of these methods through without a key, in addition to the health service and the
   * two reflection services. Such a call has no caller.
   */
  public ApiKeyInterceptorBuilder exempt(Predicate<MethodDescriptor<?, ?>> methods) {
    exempt = exempt.or(requireNonNull(methods, "exempt"));
    return this;
  }

  /**
   * Names of the metadata entries that may hold the key; the first that is present counts. In
   * {@code authorization} it stands behind {@code Bearer}; other schemes there count as absent.
   *
   * <p>Default: {@code api-key}, {@code apikey}, {@code x-api-key}, {@code authorization}.
   *
   * @throws IllegalArgumentException when there is none, or one is not a legal name of a text entry
   */
  public ApiKeyInterceptorBuilder headers(List<String> names) {
    headers = KeyHeaders.named(requireNonNull(names, "headers"));
    return this;
  }

  /** The interceptor. */
  public ApiKeyInterceptor build() {
    return new ApiKeyInterceptor(client, exempt, headers);
  }
}
