package io.billingsdk.protocol;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One usage event as protocol v2 carries it, without the {@code seq} that the journal gives it. The
 * maps are not copied.
 *
 * @param key whom to charge
 * @param usage how much, 0 to 2<sup>53</sup> with at most 18 decimals
 * @param timestampMillis when the usage happened, in milliseconds since 1970
 * @param metadata null or empty for none
 * @param idempotencyKey the application's own identity of the event; null for none
 * @param quantities further measurements than {@code usage}, by name, in the order in which it is
 *     written; at most 16, with the bounds of {@code usage}; empty for none
 * @param usedBy for whom
 * @param admission the epochs of the leases that it was admitted by, at most {@link
 *     Bounds#ADMISSION_EPOCHS}; empty for none. No part of the content: two events that differ in
 *     it alone say the same
 */
public record V2Event(
    KeyRef key,
    String module,
    String model,
    BigDecimal usage,
    long timestampMillis,
    @Nullable Map<String, ?> metadata,
    @Nullable String idempotencyKey,
    Map<String, BigDecimal> quantities,
    UsedBy usedBy,
    List<String> admission) {

  /** The list is copied. */
  public V2Event {
    admission = List.copyOf(admission);
  }

  /** An event that no lease has admitted. */
  public V2Event(
      KeyRef key,
      String module,
      String model,
      BigDecimal usage,
      long timestampMillis,
      @Nullable Map<String, ?> metadata,
      @Nullable String idempotencyKey,
      Map<String, BigDecimal> quantities,
      UsedBy usedBy) {
    this(
        key,
        module,
        model,
        usage,
        timestampMillis,
        metadata,
        idempotencyKey,
        quantities,
        usedBy,
        List.of());
  }

  /**
   * An event that only has a usage, as the shortest decimal that the double stands for.
   *
   * @throws NumberFormatException when {@code usage} is not finite
   */
  public V2Event(
      KeyRef key,
      String module,
      String model,
      double usage,
      long timestampMillis,
      @Nullable Map<String, ?> metadata,
      @Nullable String idempotencyKey) {
    this(
        key,
        module,
        model,
        BigDecimal.valueOf(usage),
        timestampMillis,
        metadata,
        idempotencyKey,
        Map.of(),
        UsedBy.UNKNOWN);
  }

  @Override
  public String toString() {
    return "V2Event[key=" + key + ", module=" + module + ", model=" + model + "]";
  }
}
