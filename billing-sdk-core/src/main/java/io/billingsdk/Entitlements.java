package io.billingsdk;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The permitted uses of an API key, as the billing system sends them with protocol v2.
 *
 * <p>The expiry is enforced by every {@link BillingClient#check(String) check}, the models by
 * {@link BillingClient#check(String, String)}, which the metering of billing-sdk-grpc asks. Rate
 * and quotas are enforced by {@link BillingClient#admit(UsageEvent)}.
 *
 * <p>Immutable and thread-safe; instances with equal values are equal.
 */
public final class Entitlements {
  /** Everything is allowed, for ever: all that protocol v1 knows of a key. */
  public static final Entitlements UNLIMITED =
      new Entitlements(new EntitlementsParts(null, List.of(), null, List.of()));

  private final EntitlementsParts parts;

  private record EntitlementsParts(
      @Nullable Instant expiresAt, List<String> models, @Nullable Rate rate, List<Quota> quotas) {
    private EntitlementsParts {
      models = List.copyOf(models);
      quotas = List.copyOf(quotas);
    }
  }

  private Entitlements(EntitlementsParts parts) {
    this.parts = parts;
  }

  /** A copy with another {@link #expiresAt}. */
  public Entitlements withExpiresAt(@Nullable Instant expiresAt) {
    return new Entitlements(
        new EntitlementsParts(expiresAt, parts.models(), parts.rate(), parts.quotas()));
  }

  /** A copy with another {@link #models}. */
  public Entitlements withModels(List<String> models) {
    return new Entitlements(
        new EntitlementsParts(parts.expiresAt(), models, parts.rate(), parts.quotas()));
  }

  /** A copy with another {@link #rate}. */
  public Entitlements withRate(@Nullable Rate rate) {
    return new Entitlements(
        new EntitlementsParts(parts.expiresAt(), parts.models(), rate, parts.quotas()));
  }

  /** A copy with another {@link #quotas}. */
  public Entitlements withQuotas(List<Quota> quotas) {
    return new Entitlements(
        new EntitlementsParts(parts.expiresAt(), parts.models(), parts.rate(), quotas));
  }

  /** The end of its validity, exclusive; null for none. */
  public @Nullable Instant expiresAt() {
    return parts.expiresAt();
  }

  /**
   * Names of models, or beginnings of names followed by {@code *}, such as {@code gpt-4*}; empty
   * for all.
   */
  public List<String> models() {
    return parts.models();
  }

  /** How often it may be used; null for any number of times. */
  public @Nullable Rate rate() {
    return parts.rate();
  }

  /** How much it may use; empty for no limit. */
  public List<Quota> quotas() {
    return parts.quotas();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Entitlements that && parts.equals(that.parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  @Override
  public String toString() {
    return ValueText.of("Entitlements", parts);
  }

  /** Whether a model may be used. */
  public boolean allowsModel(String model) {
    if (models().isEmpty()) {
      return true;
    }
    for (String allowed : models()) {
      if (allowed.endsWith("*")
          ? model.startsWith(allowed.substring(0, allowed.length() - 1))
          : model.equals(allowed)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How often a key may be used. Immutable and thread-safe; instances with equal values are equal.
   */
  public static final class Rate {
    private final RateParts parts;

    private record RateParts(double perSecond, long burst) {}

    private Rate(RateParts parts) {
      this.parts = parts;
    }

    /**
     * A rate.
     *
     * @param perSecond calls a second, in the long run
     * @param burst calls at once
     */
    public static Rate of(double perSecond, long burst) {
      return new Rate(new RateParts(perSecond, burst));
    }

    /** Calls a second, in the long run. */
    public double perSecond() {
      return parts.perSecond();
    }

    /** Calls at once. */
    public long burst() {
      return parts.burst();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Rate that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Rate", parts);
    }
  }

  /**
   * How much of something a key may use. Immutable and thread-safe; instances with equal values are
   * equal.
   */
  public static final class Quota {
    private final QuotaParts parts;

    private record QuotaParts(
        String meter,
        BigDecimal limit,
        BigDecimal used,
        @Nullable Instant resetsAt,
        boolean overage) {}

    private Quota(QuotaParts parts) {
      this.parts = parts;
    }

    /**
     * A quota.
     *
     * @param meter the meter that counts against the quota
     * @param limit how much, in the unit of the meter
     * @param used how much of it was used when the billing system said so
     * @param resetsAt when the count begins again; null for never
     * @param overage whether more may be used, and is charged
     */
    public static Quota of(
        String meter,
        BigDecimal limit,
        BigDecimal used,
        @Nullable Instant resetsAt,
        boolean overage) {
      return new Quota(new QuotaParts(meter, limit, used, resetsAt, overage));
    }

    /** As {@link #of(String, BigDecimal, BigDecimal, Instant, boolean)}, of whole numbers. */
    public static Quota of(
        String meter, long limit, long used, @Nullable Instant resetsAt, boolean overage) {
      return of(meter, BigDecimal.valueOf(limit), BigDecimal.valueOf(used), resetsAt, overage);
    }

    /** The meter that counts against the quota. */
    public String meter() {
      return parts.meter();
    }

    /** How much, in the unit of the meter. */
    public BigDecimal limit() {
      return parts.limit();
    }

    /** How much of it was used when the billing system said so. */
    public BigDecimal used() {
      return parts.used();
    }

    /** When the count begins again; null for never. */
    public @Nullable Instant resetsAt() {
      return parts.resetsAt();
    }

    /** Whether more may be used, and is charged. */
    public boolean overage() {
      return parts.overage();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Quota that && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
      return parts.hashCode();
    }

    @Override
    public String toString() {
      return ValueText.of("Quota", parts);
    }
  }
}
