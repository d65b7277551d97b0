package io.billingsdk;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something was used: by which key, what, and how much.
 *
 * <p>It may hold anything; {@link BillingClient#report} judges it and says what is wrong. The
 * metadata is read during that call and not copied before it. Never prints the key or the metadata.
 *
 * @param apiKey the key to charge, 1 to 256 printable ASCII characters. It need not be known
 * @param module what kind of service, for example {@code llm}; 1 to 256 characters
 * @param model which one, for example {@code gpt-4}; 1 to 256 characters
 * @param usage how much, in the unit of the module; finite, 0 to 2<sup>53</sup>, with at most 40
 *     decimals
 * @param metadata up to 32 entries; names of 1 to 64 characters; values are strings up to 1,024
 *     characters, finite numbers up to 512 bits and 128 decimal places, booleans, null, and maps or
 *     lists of those, one level deep; null for none
 * @param time when it was used; null for the moment of reporting
 * @param idempotencyKey your own identity of the event, 1 to 256 printable ASCII characters without
 *     space: of all events of one application with the same one, the first is counted. Null for
 *     none. Billing systems that speak protocol v1 only may ignore it and count them all
 */
public record UsageEvent(
    @Nullable String apiKey,
    @Nullable String module,
    @Nullable String model,
    double usage,
    @Nullable Map<String, ?> metadata,
    @Nullable Instant time,
    @Nullable String idempotencyKey) {

  /** An event without an identity of your own. */
  public UsageEvent(
      @Nullable String apiKey,
      @Nullable String module,
      @Nullable String model,
      double usage,
      @Nullable Map<String, ?> metadata,
      @Nullable Instant time) {
    this(apiKey, module, model, usage, metadata, time, null);
  }

  /** An event by key, of now, without metadata. */
  public static UsageEvent of(
      @Nullable String apiKey, @Nullable String module, @Nullable String model, double usage) {
    return new UsageEvent(apiKey, module, model, usage, null, null);
  }

  /** An event by a caller that was let in, of now, without metadata. */
  public static UsageEvent by(
      Caller caller, @Nullable String module, @Nullable String model, double usage) {
    return of(caller.apiKey(), module, model, usage);
  }

  /** The same event with this metadata in place of its own. */
  public UsageEvent withMetadata(@Nullable Map<String, ?> newMetadata) {
    return new UsageEvent(apiKey, module, model, usage, newMetadata, time, idempotencyKey);
  }

  /** The same event with this time of use in place of its own. */
  public UsageEvent withTime(@Nullable Instant newTime) {
    return new UsageEvent(apiKey, module, model, usage, metadata, newTime, idempotencyKey);
  }

  /** The same event with this identity of your own in place of the one that it has. */
  public UsageEvent withIdempotencyKey(@Nullable String newKey) {
    return new UsageEvent(apiKey, module, model, usage, metadata, time, newKey);
  }

  @Override
  public String toString() {
    return "UsageEvent[apiKey=***, module="
        + module
        + ", model="
        + model
        + ", usage="
        + usage
        + ", metadata="
        + (metadata == null ? "none" : "***")
        + ", time="
        + time
        + ", idempotencyKey="
        + (idempotencyKey == null ? "none" : "***")
        + "]";
  }
}
