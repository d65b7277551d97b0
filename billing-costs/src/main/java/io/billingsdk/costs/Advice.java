package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A piece of advice.
 *
 * @param type {@code prompt_optimization}, {@code user_cost_alert}, {@code service_dominance},
 *     {@code unused_cache}, {@code dear_short_answers}, {@code paid_retries} or {@code
 *     paid_failures}
 * @param priority how much it matters
 * @param message the matter, and what to do
 * @param data the numbers, by name
 * @param rule the rule with its bound
 * @param money the money at stake, in the currency of the input
 * @param subject what it is about: a user, a service or an operation
 */
public record Advice(
    String type,
    Priority priority,
    String message,
    Map<String, String> data,
    String rule,
    BigDecimal money,
    String subject) {

  /** How much advice matters. */
  public enum Priority {
    /** Look at it first. */
    HIGH,
    /** Look at it. */
    MEDIUM,
    /** Look at it some day. */
    LOW
  }

  /** Copies the map. */
  public Advice {
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  /** The name by which a person dismisses it. */
  public String id() {
    return type + " " + subject;
  }
}
