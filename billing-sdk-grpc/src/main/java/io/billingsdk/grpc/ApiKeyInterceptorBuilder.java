package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
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
  private final PatternPolicies patterns = new PatternPolicies();
  private final List<PolicyRule> predicates = new ArrayList<>();
  private final List<ServiceDescriptor> services = new ArrayList<>();
  private final List<DecisionListener> listeners = new ArrayList<>();
  private OnRevoke onRevoke = OnRevoke.CANCEL_STREAMS;
  private KeyHeaders headers = KeyHeaders.usual();
  private boolean quotaTrailers;

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
   * The policy of these methods, where no pattern has one. Asked once per method; the first
   * predicate that matches counts.
   */
  public ApiKeyInterceptorBuilder policy(
      Predicate<MethodDescriptor<?, ?>> methods, KeyPolicy policy) {
    requireNonNull(methods, "policy");
    requireNonNull(policy, "policy");
    predicates.add(method -> methods.test(method) ? policy : null);
    return this;
  }

  /**
   * The policies of methods, by name: {@code pkg.Service/Method}, or {@code pkg.Service/*} for
   * those of the service that are not named on their own. Needs {@link #services}.
   *
   * @throws IllegalArgumentException when it is neither, or was given before
   */
  public ApiKeyInterceptorBuilder policy(String pattern, KeyPolicy policy) {
    patterns.add(requireNonNull(pattern, "policy"), requireNonNull(policy, "policy"));
    return this;
  }

  /**
   * The services that the patterns are checked against, as the generated code has them: {@code
   * LlmGrpc.getServiceDescriptor()}. A pattern that names no method of theirs is an error in {@link
   * #build}, so that a misspelt one leaves no method open.
   */
  public ApiKeyInterceptorBuilder services(ServiceDescriptor... descriptors) {
    services.addAll(List.of(descriptors));
    return this;
  }

  /**
   * Lets calls of these methods through without a key: {@link #policy(Predicate, KeyPolicy)} with
   * {@link KeyPolicy#NONE}. The health service and the two reflection services are exempt already.
   */
  public ApiKeyInterceptorBuilder exempt(Predicate<MethodDescriptor<?, ?>> methods) {
    return policy(requireNonNull(methods, "exempt"), KeyPolicy.NONE);
  }

  /**
   * Decides about streaming calls whose key is blocked meanwhile. Default: {@link
   * OnRevoke#CANCEL_STREAMS}.
   */
  public ApiKeyInterceptorBuilder onRevoke(OnRevoke what) {
    onRevoke = requireNonNull(what, "onRevoke");
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

  /**
   * Whether a call of a key with quotas ends with the trailers {@code billing-quota-remaining},
   * such as {@code calls=58}, and {@code billing-quota-reset}, such as {@code
   * calls=2026-12-01T00:00:00Z}: one each for each quota. They say what this process knows, which
   * counts as used what other processes have leased. Default: false.
   */
  public ApiKeyInterceptorBuilder quotaTrailers(boolean on) {
    quotaTrailers = on;
    return this;
  }

  /** A listener for the decisions of this interceptor. May be given several times. */
  public ApiKeyInterceptorBuilder listener(DecisionListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * The interceptor.
   *
   * @throws IllegalArgumentException when a pattern fits no method of the services
   */
  public ApiKeyInterceptor build() {
    List<PolicyRule> rules = new ArrayList<>();
    rules.add(patterns.verified(services));
    rules.addAll(predicates);
    int annotationsAt = rules.size();
    rules.add(ProtoPoliciesLookup.whereAvailable());
    rules.add(
        method ->
            EXEMPT_SERVICES.contains(String.valueOf(method.getServiceName()))
                ? KeyPolicy.NONE
                : null);
    FrameLoggers.warnWhereOn();
    return new ApiKeyInterceptor(
        client,
        new Policies(rules),
        annotationsAt,
        headers,
        onRevoke == OnRevoke.CANCEL_STREAMS ? new Revocations() : null,
        new Decisions(listeners, new FaultLog()),
        quotaTrailers,
        /* annotated= */ false);
  }
}
