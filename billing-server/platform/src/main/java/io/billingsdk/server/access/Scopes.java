package io.billingsdk.server.access;

import io.billingsdk.server.access.Principal.Scope;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The scopes of a token, at least one: its holder may do what any of them lets. Immutable.
 *
 * @param all in the order of their kinds
 */
public record Scopes(Set<Scope> all) {
  /** Copies the set. */
  public Scopes {
    all = Collections.unmodifiableSet(EnumSet.copyOf(all));
  }

  /** One alone. */
  public static Scopes of(Scope scope) {
    return new Scopes(Set.of(scope));
  }

  /** Whether their holder may do what a scope asks for. */
  public boolean includes(Scope that) {
    return all.stream().anyMatch(each -> each.includes(that));
  }

  /** As they are written: {@code metering,catalog}. */
  public String text() {
    return all.stream().map(Scope::text).collect(Collectors.joining(","));
  }
}
