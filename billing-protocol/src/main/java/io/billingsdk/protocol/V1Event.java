package io.billingsdk.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One usage event as protocol v1 carries it, without the {@code stream} and {@code seq} that the
 * journal gives it.
 *
 * @param appId null when the key is unknown or blocked
 * @param timestampMillis when the usage happened, in milliseconds since 1970
 * @param metadata null or empty for none
 * @param idempotencyKey the application's own identity of the event, null for none. Ours: the peer
 *     of the Python SDK ignores it
 */
public record V1Event(
    @Nullable String appId,
    String apiKey,
    String module,
    String model,
    double usage,
    long timestampMillis,
    @Nullable Map<String, ?> metadata,
    @Nullable String idempotencyKey) {

  /** An event without an identity of the application's own. */
  public V1Event(
      @Nullable String appId,
      String apiKey,
      String module,
      String model,
      double usage,
      long timestampMillis,
      @Nullable Map<String, ?> metadata) {
    this(appId, apiKey, module, model, usage, timestampMillis, metadata, null);
  }

  @Override
  public String toString() {
    return "UsageReport[appId=" + appId + ", module=" + module + ", model=" + model + "]";
  }
}
