package io.billingsdk.grpc;

import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The policy of each method: of the first rule that has one; without any, {@link
 * KeyPolicy#REQUIRED}. Resolved once per method. Thread-safe.
 */
final class Policies {
  /** A registry that makes descriptors as it goes must not fill the memory. */
  private static final int MAX_REMEMBERED = 10_000;

  private final List<PolicyRule> rules;
  private final Map<MethodDescriptor<?, ?>, KeyPolicy> resolved = new ConcurrentHashMap<>();

  Policies(List<PolicyRule> rules) {
    this.rules = List.copyOf(rules);
  }

  KeyPolicy of(MethodDescriptor<?, ?> method) {
    KeyPolicy known = resolved.get(method);
    return known != null ? known : resolve(method);
  }

  /** The same rules with one more in the given place. */
  Policies with(int place, PolicyRule rule) {
    List<PolicyRule> more = new ArrayList<>(rules);
    more.add(place, rule);
    return new Policies(more);
  }

  private KeyPolicy resolve(MethodDescriptor<?, ?> method) {
    KeyPolicy policy = KeyPolicy.REQUIRED;
    for (PolicyRule rule : rules) {
      KeyPolicy said = rule.policyOf(method);
      if (said != null) {
        policy = said;
        break;
      }
    }
    if (resolved.size() < MAX_REMEMBERED) {
      resolved.put(method, policy);
    }
    return policy;
  }
}
