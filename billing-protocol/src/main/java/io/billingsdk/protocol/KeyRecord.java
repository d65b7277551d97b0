package io.billingsdk.protocol;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One API key, as protocol v2 tells of it.
 *
 * @param keyId its name, safe to print
 * @param keySha256 SHA-256 of the key, 64 hexadecimal digits
 * @param appId the application that it belongs to
 * @param reason the operator's, for a block; null for none
 * @param version only grows: of two records of a key the one with the higher version counts
 * @param expiresAtMillis from then on it is not valid; null for never
 * @param models which it may use: names, or beginnings of names followed by {@code *}; empty for
 *     all
 * @param rate null for none
 */
public record KeyRecord(
    String keyId,
    String keySha256,
    String appId,
    Status status,
    @Nullable String reason,
    long version,
    @Nullable Long expiresAtMillis,
    List<String> models,
    @Nullable Rate rate,
    List<Quota> quotas) {

  /** The widest that a double is, which earlier servers kept rates and limits as. */
  private static final int WIDEST = 308;

  /** The lists are copied. */
  public KeyRecord {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
  }

  /** Whether a key may be used. */
  public enum Status {
    /** It may. */
    OK,
    /** An operator has blocked it; also any status that this version does not know. */
    BLOCKED,
    /** It is no more. Its record stays, so that an older one does not revive it. */
    REMOVED
  }

  /**
   * How often it may be used.
   *
   * @param perSecond calls a second, in the long run
   * @param burst calls at once
   */
  public record Rate(BigDecimal perSecond, long burst) {
    /** Equal numbers are written alike. */
    public Rate {
      perSecond = plain(perSecond);
    }

    /** The same of a double, as the shortest decimals that it stands for. */
    public Rate(double perSecond, long burst) {
      this(BigDecimal.valueOf(perSecond), burst);
    }
  }

  /**
   * How much of something it may use.
   *
   * @param meter the counted quantity
   * @param limit how much, in the unit of the meter
   * @param used how much of it was used when the record was made
   * @param resetsAtMillis when the count begins again; null for never
   * @param overage whether more may be used, and is charged
   * @param id its name in requests for leases; null when it is not enforced by leases
   */
  public record Quota(
      String meter,
      BigDecimal limit,
      BigDecimal used,
      @Nullable Long resetsAtMillis,
      boolean overage,
      @Nullable String id) {

    /** Equal numbers are written alike. */
    public Quota {
      limit = plain(limit);
      used = plain(used);
    }

    /** One that is not enforced by leases. */
    public Quota(
        String meter,
        BigDecimal limit,
        BigDecimal used,
        @Nullable Long resetsAtMillis,
        boolean overage) {
      this(meter, limit, used, resetsAtMillis, overage, null);
    }

    /** The same of doubles, as the shortest decimals that they stand for. */
    public Quota(
        String meter, double limit, double used, @Nullable Long resetsAtMillis, boolean overage) {
      this(meter, BigDecimal.valueOf(limit), BigDecimal.valueOf(used), resetsAtMillis, overage);
    }
  }

  private static BigDecimal plain(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    // Beyond, an exponent of nine digits would become as many zeros.
    return shortest.scale() < 0 && shortest.scale() >= -WIDEST ? shortest.setScale(0) : shortest;
  }

  @Override
  public String toString() {
    return "KeyRecord[keyId=" + keyId + ", status=" + status + ", version=" + version + "]";
  }
}
