package io.billingsdk.server.providers;

import io.billingsdk.server.common.RequestRefusedException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The providers that a server uses. Immutable. */
final class Providers {
  private final Map<ProviderName, PaymentProvider> byName = new EnumMap<>(ProviderName.class);

  Providers(List<PaymentProvider> all) {
    all.forEach(each -> byName.put(each.name(), each));
  }

  Optional<PaymentProvider> find(ProviderName name) {
    return Optional.ofNullable(byName.get(name));
  }

  List<ProviderName> names() {
    return List.copyOf(byName.keySet());
  }

  /** Refuses one that is not set up. */
  PaymentProvider require(String field, ProviderName name) {
    return find(name)
        .orElseThrow(
            () ->
                RequestRefusedException.conflict(
                    field, "the server does not use " + name.text() + "; it uses " + shown()));
  }

  private String shown() {
    return byName.isEmpty()
        ? "no payment provider; start it with one"
        : byName.keySet().stream().map(ProviderName::text).collect(Collectors.joining(", "));
  }
}
