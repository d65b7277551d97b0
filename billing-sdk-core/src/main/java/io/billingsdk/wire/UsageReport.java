package io.billingsdk.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One usage event as protocol v1 carries it, without the {@code stream} and {@code seq} that the
 * journal gives it.
 *
 * @param appId null when the key is unknown or blocked
 * @param timestampMillis when the usage happened, in milliseconds since 1970
 * @param metadata null or empty for none
 */
public record UsageReport(
    @Nullable String appId,
    String apiKey,
    String module,
    String model,
    double usage,
    long timestampMillis,
    @Nullable Map<String, ?> metadata) {

  @Override
  public String toString() {
    return "UsageReport[appId=" + appId + ", module=" + module + ", model=" + model + "]";
  }
}
