package io.billingsdk;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an API key may be used for, as the billing system tells with protocol v2.
 *
 * <p>The expiry is enforced by every {@link BillingClient#check(String) check}, the models by
 * {@link BillingClient#check(String, String)}, which the metering of billing-sdk-grpc asks. Rate
 * and quotas are sent and not enforced yet.
 *
 * @param expiresAt from then on it is not valid; null for never
 * @param models names of models, or beginnings of names followed by {@code *}, such as {@code
 *     gpt-4*}; empty for all
 * @param rate how often it may be used; null for any number of times
 * @param quotas how much it may use; empty for no limit
 */
public record Entitlements(
    @Nullable Instant expiresAt, List<String> models, @Nullable Rate rate, List<Quota> quotas) {

  /** Everything is allowed, for ever: what protocol v1 knows of a key. */
  public static final Entitlements UNLIMITED = new Entitlements(null, List.of(), null, List.of());

  /** The lists are copied. */
  public Entitlements {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
  }

  /**
   * How often.
   *
   * @param perSecond calls a second, in the long run
   * @param burst calls at once
   */
  public record Rate(double perSecond, long burst) {}

  /**
   * How much of something.
   *
   * @param meter what is counted
   * @param limit how much, in the unit of the meter
   * @param used how much of it was used when the billing system told
   * @param resetsAt when the count begins again; null for never
   * @param overage whether more may be used, and is charged
   */
  public record Quota(
      String meter,
      BigDecimal limit,
      BigDecimal used,
      @Nullable Instant resetsAt,
      boolean overage) {}

  /** Whether a model may be used. */
  public boolean allowsModel(String model) {
    if (models.isEmpty()) {
      return true;
    }
    for (String allowed : models) {
      if (allowed.endsWith("*")
          ? model.startsWith(allowed.substring(0, allowed.length() - 1))
          : model.equals(allowed)) {
        return true;
      }
    }
    return false;
  }
}
