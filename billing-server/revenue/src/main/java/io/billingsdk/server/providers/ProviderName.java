package io.billingsdk.server.providers;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Payment providers that this server knows. */
enum ProviderName {
  STRIPE,
  PAYPAL,
  /** Built in, for demos and tests: it moves no money. */
  SANDBOX;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ProviderName of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  static Optional<ProviderName> find(String text) {
    return Arrays.stream(values()).filter(each -> each.text().equals(text)).findFirst();
  }
}
