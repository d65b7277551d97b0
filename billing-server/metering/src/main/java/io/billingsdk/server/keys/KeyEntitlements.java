package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.common.RequestRefusedException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key may be used for. The SDKs receive them with the key: they enforce the expiry, and the
 * models of metered methods. Rates and quotas too, as far as the server leases them.
 *
 * @param models names, or beginnings of names followed by {@code *}; empty for all; at most {@value
 *     #MOST}
 * @param expires from then on it is not valid; null for never
 * @param rate at least 0.001 and at most a million calls a second; null for any
 * @param quotas one for each meter, at most {@value #MOST}; empty for none
 */
public record KeyEntitlements(
    List<String> models, @Nullable Instant expires, @Nullable Rate rate, List<Quota> quotas) {
  /**
   * How often a key may be used. Rates of equal numbers are equal.
   *
   * @param perSecond calls a second, in the long run; exact
   * @param burst calls at once
   */
  public record Rate(BigDecimal perSecond, long burst) {
    /** Keeps the number in its plain form. */
    public Rate {
      perSecond = plain(perSecond);
    }

    /** The lower rate and the lower burst of the two; null stands for any. */
    static @Nullable Rate tighter(@Nullable Rate one, @Nullable Rate other) {
      if (one == null || other == null) {
        return one == null ? other : one;
      }
      return new Rate(one.perSecond().min(other.perSecond()), Math.min(one.burst(), other.burst()));
    }

    /** The calls at once where nobody gives them: those of a second, rounded up, at least 1. */
    public static long burstOf(BigDecimal perSecond) {
      BigDecimal most = perSecond.min(MOST_RATE).max(BigDecimal.ONE);
      return most.setScale(0, RoundingMode.CEILING).longValueExact();
    }
  }

  /**
   * How much of something a key may use. Quotas of equal numbers are equal.
   *
   * @param meter the counted thing
   * @param limit how much, in the unit of the meter; exact
   * @param used how much of it was used when the record was made; exact
   * @param sinceMillis when the count began again for the last time before the present terms; null
   *     for never
   * @param resetsAtMillis when the count begins again; null for never
   * @param overage whether more may be used, and is charged
   */
  public record Quota(
      String meter,
      BigDecimal limit,
      BigDecimal used,
      @Nullable Long sinceMillis,
      @Nullable Long resetsAtMillis,
      boolean overage) {
    /** Keeps the numbers in their plain form. */
    public Quota {
      limit = plain(limit);
      used = plain(used);
    }

    /** One whose count has not begun again yet. */
    public Quota(
        String meter,
        BigDecimal limit,
        BigDecimal used,
        @Nullable Long resetsAtMillis,
        boolean overage) {
      this(meter, limit, used, null, resetsAtMillis, overage);
    }

    private boolean isAsWideAs(Quota other) {
      return meter.equals(other.meter()) && limit.compareTo(other.limit()) == 0;
    }

    /** When its count began again for the last time before a moment; null for never. */
    private @Nullable Long sinceMillis(Instant now) {
      return resetsAtMillis != null && resetsAtMillis <= now.toEpochMilli()
          ? resetsAtMillis
          : sinceMillis;
    }

    /** One that is unused yet. */
    public static Quota unused(
        String meter, BigDecimal limit, @Nullable Long resetsAtMillis, boolean overage) {
      return new Quota(meter, limit, BigDecimal.ZERO, resetsAtMillis, overage);
    }
  }

  /** The name of a quota of a key in requests for leases, and wherever it is counted. */
  public static String quotaId(String keyId, String meter) {
    return "key/" + keyId + "/" + meter;
  }

  /** Everything, for ever. */
  public static final KeyEntitlements UNLIMITED =
      new KeyEntitlements(List.of(), null, null, List.of());

  private static final int MOST = 32;
  private static final BigDecimal LEAST_RATE = new BigDecimal("0.001");
  private static final long MOST_CALLS = 1_000_000;
  private static final BigDecimal MOST_RATE = BigDecimal.valueOf(MOST_CALLS);
  private static final BigDecimal MOST_LIMIT = BigDecimal.valueOf((long) Bounds.USAGE_MAX);

  /** Of the widest number that an earlier server stored, a double. */
  private static final int WIDEST = 308;

  /** Refuses what no SDK could make sense of. */
  public KeyEntitlements {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
    require(models.size() <= MOST, "models", "at most " + MOST);
    require(quotas.size() <= MOST, "quotas", "at most " + MOST);
    models.forEach(KeyEntitlements::requireModel);
    if (rate != null) {
      require(
          rate.perSecond().compareTo(LEAST_RATE) >= 0 && rate.perSecond().compareTo(MOST_RATE) <= 0,
          "rate",
          "from 0.001 to 1000000 calls a second");
      require(rate.burst() >= 1 && rate.burst() <= MOST_CALLS, "burst", "from 1 to 1000000 calls");
    }
    Set<String> meters = new HashSet<>();
    for (Quota quota : quotas) {
      requireQuota(quota);
      require(
          meters.add(quota.meter()), "quotas." + quota.meter(), "given once, but is given twice");
    }
  }

  /** Those of a key. */
  static KeyEntitlements of(StoredKey key) {
    Long expires = key.expiresAtMillis();
    return new KeyEntitlements(
        key.models(),
        expires == null ? null : Instant.ofEpochMilli(expires),
        key.rate(),
        key.quotas());
  }

  /** The same with other models. */
  public KeyEntitlements withModels(List<String> other) {
    return new KeyEntitlements(other, expires, rate, quotas);
  }

  /** The same with another end. */
  public KeyEntitlements withExpires(@Nullable Instant other) {
    return new KeyEntitlements(models, other, rate, quotas);
  }

  /** The same with another rate, which has at most 18 decimals. */
  public KeyEntitlements withRate(@Nullable Rate other) {
    if (other != null && !isExact(other.perSecond())) {
      require(false, "rate", "of at most " + Bounds.USAGE_DECIMALS + " decimals");
    }
    return new KeyEntitlements(models, expires, other, quotas);
  }

  /**
   * The same with other quotas, with limits from 0 to 2^53 and at most 18 decimals. The used amount
   * of a meter that stays is kept, and when its count began again for the last time. A wider limit,
   * which an earlier server stored, stays until another is set.
   */
  public KeyEntitlements withQuotas(List<Quota> other) {
    return withQuotas(other, Instant.now());
  }

  /** The same, at a moment. */
  KeyEntitlements withQuotas(List<Quota> other, Instant now) {
    for (Quota quota : other) {
      require(
          quotas.stream().anyMatch(each -> each.isAsWideAs(quota))
              || (isExact(quota.limit()) && quota.limit().compareTo(MOST_LIMIT) <= 0),
          "quotas." + quota.meter(),
          "a number from 0 to 2^53 with at most " + Bounds.USAGE_DECIMALS + " decimals");
    }
    return new KeyEntitlements(
        models, expires, rate, other.stream().map(each -> keepingUsed(each, now)).toList());
  }

  private Quota keepingUsed(Quota fresh, Instant now) {
    for (Quota old : quotas) {
      if (old.meter().equals(fresh.meter())) {
        return new Quota(
            fresh.meter(),
            fresh.limit(),
            old.used(),
            old.sinceMillis(now),
            fresh.resetsAtMillis(),
            fresh.overage());
      }
    }
    return fresh;
  }

  private static void requireModel(String model) {
    int star = model.indexOf('*');
    require(
        !model.isBlank()
            && model.length() <= Bounds.NAME_CHARS
            && Bounds.isWellFormedText(model)
            && (star < 0 || star == model.length() - 1),
        "models",
        "names of 1 to " + Bounds.NAME_CHARS + " characters, or beginnings of names followed by *");
  }

  private static void requireQuota(Quota quota) {
    require(
        quota.meter().matches("[A-Za-z0-9_.-]{1,64}"),
        "quotas",
        "of meters of 1 to 64 of A-Z a-z 0-9 _ . -");
    require(quota.limit().signum() >= 0, "quotas." + quota.meter(), "a number from 0");
  }

  private static boolean isExact(BigDecimal number) {
    return number.scale() <= Bounds.USAGE_DECIMALS;
  }

  private static BigDecimal plain(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    // Beyond, an exponent of nine digits would become as many zeros.
    return shortest.scale() < 0 && shortest.scale() >= -WIDEST ? shortest.setScale(0) : shortest;
  }

  private static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw RequestRefusedException.invalid(field, expected);
    }
  }
}
