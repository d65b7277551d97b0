package io.billingsdk.internal.link;

import java.util.List;
import java.util.Map;

/**
 * What to subscribe to. The link is up when the broker grants all of at least one alternative: a
 * client that does not know yet which protocol is spoken asks for the topics of both, and an access
 * list may know only one.
 *
 * @param alternatives topic filters
 */
public record Subscriptions(List<List<String>> alternatives) {

  /** The lists are copied. */
  public Subscriptions {
    alternatives = alternatives.stream().map(List::copyOf).toList();
  }

  /** All of these. */
  public static Subscriptions allOf(List<String> filters) {
    return new Subscriptions(List.of(filters));
  }

  /** Every filter, once. */
  List<String> filters() {
    return alternatives.stream().flatMap(List::stream).distinct().toList();
  }

  /** Whether what was granted is enough. */
  boolean satisfiedBy(Map<String, Boolean> granted) {
    return alternatives.stream()
        .anyMatch(all -> all.stream().allMatch(filter -> granted.getOrDefault(filter, false)));
  }
}
