package io.billingsdk.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One usage event as protocol v2 carries it, without the {@code seq} that the journal gives it.
 *
 * @param key whom to charge
 * @param usage how much, finite and not negative
 * @param timestampMillis when the usage happened, in milliseconds since 1970
 * @param metadata null or empty for none
 * @param idempotencyKey the application's own identity of the event; null for none
 */
public record V2Event(
    KeyRef key,
    String module,
    String model,
    double usage,
    long timestampMillis,
    @Nullable Map<String, ?> metadata,
    @Nullable String idempotencyKey) {

  @Override
  public String toString() {
    return "UsageRecord[key=" + key + ", module=" + module + ", model=" + model + "]";
  }
}
