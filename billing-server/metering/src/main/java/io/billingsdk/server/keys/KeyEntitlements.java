package io.billingsdk.server.keys;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.keys.KeyAdmin.StoredKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a key may be used for. The SDKs receive them with the key: they enforce the expiry, and the
 * models of metered methods. Rate and quotas are stored and sent to them, and not enforced yet.
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
   * How often a key may be used.
   *
   * @param perSecond calls a second, in the long run
   * @param burst calls at once
   */
  public record Rate(double perSecond, long burst) {}

  /**
   * How much of something a key may use.
   *
   * @param meter the counted thing
   * @param limit how much, in the unit of the meter
   * @param used how much of it was used when the record was made
   * @param resetsAtMillis when the count begins again; null for never
   * @param overage whether more may be used, and is charged
   */
  public record Quota(
      String meter, double limit, double used, @Nullable Long resetsAtMillis, boolean overage) {}

  /** Everything, for ever. */
  public static final KeyEntitlements UNLIMITED =
      new KeyEntitlements(List.of(), null, null, List.of());

  private static final int MOST = 32;
  private static final double LEAST_RATE = 0.001;
  private static final double MOST_RATE = 1_000_000;

  /** Refuses what no SDK could make sense of. */
  public KeyEntitlements {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
    require(models.size() <= MOST, "models", "at most " + MOST);
    require(quotas.size() <= MOST, "quotas", "at most " + MOST);
    models.forEach(KeyEntitlements::requireModel);
    if (rate != null) {
      require(
          rate.perSecond() >= LEAST_RATE && rate.perSecond() <= MOST_RATE,
          "rate",
          "from 0.001 to 1000000 calls a second");
      require(rate.burst() >= 1 && rate.burst() <= MOST_RATE, "burst", "from 1 to 1000000 calls");
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

  /** The same with another rate. */
  public KeyEntitlements withRate(@Nullable Rate other) {
    return new KeyEntitlements(models, expires, other, quotas);
  }

  /** The same with other quotas; the used amount of a meter that stays is kept. */
  public KeyEntitlements withQuotas(List<Quota> other) {
    return new KeyEntitlements(
        models, expires, rate, other.stream().map(this::keepingUsed).toList());
  }

  private Quota keepingUsed(Quota fresh) {
    for (Quota old : quotas) {
      if (old.meter().equals(fresh.meter())) {
        return new Quota(
            fresh.meter(), fresh.limit(), old.used(), fresh.resetsAtMillis(), fresh.overage());
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
    require(
        Double.isFinite(quota.limit()) && quota.limit() >= 0,
        "quotas." + quota.meter(),
        "a number from 0");
  }

  private static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw RequestRefusedException.invalid(field, expected);
    }
  }
}
