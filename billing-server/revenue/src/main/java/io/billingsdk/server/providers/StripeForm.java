package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A form as Stripe reads it: nested names in brackets. For one thread. */
final class StripeForm {
  private final Map<String, String> fields = new LinkedHashMap<>();

  StripeForm with(String name, String value) {
    fields.put(name, value);
    return this;
  }

  String text() {
    return fields.entrySet().stream()
        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
