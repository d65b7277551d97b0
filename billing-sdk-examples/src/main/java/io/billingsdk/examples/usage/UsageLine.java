package io.billingsdk.examples.usage;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.Comparator;

/**
 * What one key used of one model: how many events, and their exact sum.
 *
 * @param keyId a name for the key that is safe to print
 * @param usage without trailing zeros, so that equal sums are equal objects
 */
public record UsageLine(
    String appId, String keyId, String module, String model, long events, BigDecimal usage)
    implements Comparable<UsageLine> {

  private static final Comparator<UsageLine> ORDER =
      Comparator.comparing(UsageLine::appId)
          .thenComparing(UsageLine::keyId)
          .thenComparing(UsageLine::module)
          .thenComparing(UsageLine::model)
          .thenComparing(UsageLine::events)
          .thenComparing(UsageLine::usage);

  public UsageLine {
    requireNonNull(appId, "appId");
    requireNonNull(keyId, "keyId");
    requireNonNull(module, "module");
    requireNonNull(model, "model");
    usage = usage.stripTrailingZeros();
  }

  /** Whose and what, without how much: two sides are compared line by line under it. */
  public record Subject(String appId, String keyId, String module, String model) {}

  /** The subject of this line. */
  public Subject subject() {
    return new Subject(appId, keyId, module, model);
  }

  @Override
  public int compareTo(UsageLine other) {
    return ORDER.compare(this, other);
  }
}
