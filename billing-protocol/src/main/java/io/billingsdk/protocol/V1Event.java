package io.billingsdk.protocol;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One usage event as it is journaled for protocol v1, without the {@code stream} and {@code seq}
 * that the journal gives it. The maps are not copied.
 *
 * <p>Quantities, and for whom it was, are no fields of protocol v1: {@link V1Codec#message} leaves
 * them out. They are in the journal, because an event that waits there until the protocol is known
 * may go out in a batch of v2.
 *
 * @param appId null when the key is unknown or blocked
 * @param usage how much, 0 to 2<sup>53</sup> with at most 18 decimals
 * @param timestampMillis when the usage happened, in milliseconds since 1970
 * @param metadata null or empty for none
 * @param idempotencyKey the application's own identity of the event, null for none. Ours: the peer
 *     of the Python SDK ignores it
 * @param quantities further measurements than {@code usage}; empty for none
 * @param usedBy for whom
 */
public record V1Event(
    @Nullable String appId,
    String apiKey,
    String module,
    String model,
    BigDecimal usage,
    long timestampMillis,
    @Nullable Map<String, ?> metadata,
    @Nullable String idempotencyKey,
    Map<String, BigDecimal> quantities,
    UsedBy usedBy) {

  /**
   * An event that only has a usage, as the shortest decimal that the double stands for, and no
   * identity of the application's own.
   *
   * @throws NumberFormatException when {@code usage} is not finite
   */
  public V1Event(
      @Nullable String appId,
      String apiKey,
      String module,
      String model,
      double usage,
      long timestampMillis,
      @Nullable Map<String, ?> metadata) {
    this(
        appId,
        apiKey,
        module,
        model,
        BigDecimal.valueOf(usage),
        timestampMillis,
        metadata,
        null,
        Map.of(),
        UsedBy.UNKNOWN);
  }

  @Override
  public String toString() {
    return "V1Event[appId=" + appId + ", module=" + module + ", model=" + model + "]";
  }
}
