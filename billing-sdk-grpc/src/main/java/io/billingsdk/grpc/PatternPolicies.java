package io.billingsdk.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Policies by name: {@code pkg.Service/Method} counts more than {@code pkg.Service/*}. Each is
 * checked against the services, so that a misspelt one is an error and not a hole.
 */
final class PatternPolicies implements PolicyRule {
  private static final String ALL = "/*";

  private final Map<String, KeyPolicy> policies = new LinkedHashMap<>();

  void add(String pattern, KeyPolicy policy) {
    int slash = pattern.indexOf('/');
    if (slash < 1 || slash == pattern.length() - 1 || slash != pattern.lastIndexOf('/')) {
      throw new IllegalArgumentException(
          "policy: a pattern must be pkg.Service/Method or pkg.Service/*, but was '"
              + pattern
              + "'");
    }
    KeyPolicy before = policies.putIfAbsent(pattern, policy);
    if (before != null) {
      throw new IllegalArgumentException(
          "policy: '" + pattern + "' has " + before + " already, and cannot have " + policy);
    }
  }

  /** A copy for good, checked against the services. */
  PatternPolicies verified(Collection<ServiceDescriptor> services) {
    if (!policies.isEmpty() && services.isEmpty()) {
      throw new IllegalArgumentException(
          "policy: patterns need services(…) to be checked against: " + policies.keySet());
    }
    TreeSet<String> known = new TreeSet<>();
    for (ServiceDescriptor service : services) {
      known.add(service.getName() + ALL);
      service.getMethods().forEach(method -> known.add(method.getFullMethodName()));
    }
    List<String> unknown =
        policies.keySet().stream().filter(name -> !known.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "policy: no method of the services is " + unknown + "; there are " + known);
    }
    PatternPolicies copy = new PatternPolicies();
    copy.policies.putAll(policies);
    return copy;
  }

  @Override
  public @Nullable KeyPolicy policyOf(MethodDescriptor<?, ?> method) {
    KeyPolicy exact = policies.get(method.getFullMethodName());
    return exact != null ? exact : policies.get(method.getServiceName() + ALL);
  }
}
