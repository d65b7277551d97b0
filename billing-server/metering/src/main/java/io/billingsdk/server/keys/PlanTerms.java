package io.billingsdk.server.keys;

import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the plan of its customer allows each key of an app. A key has terms of its own beside them,
 * and the tighter ones count. Immutable.
 *
 * @param models names, or beginnings of names followed by {@code *}; empty for all
 * @param rate null for any
 * @param quotas usage of the key counts to each of them, and to its own
 * @param bars causes that block all keys of the app, also those that are made later, with their
 *     reasons of 1 to 256 characters
 */
public record PlanTerms(
    List<String> models,
    @Nullable Rate rate,
    List<PlanQuota> quotas,
    SortedMap<BlockCause, String> bars) {
  /** A model that no call names. */
  private static final String NO_MODEL = "*none*";

  /** Copies the collections. */
  public PlanTerms {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
    bars = Collections.unmodifiableSortedMap(new TreeMap<>(bars));
  }

  /** Those that block nothing. */
  public PlanTerms(List<String> models, @Nullable Rate rate, List<PlanQuota> quotas) {
    this(models, rate, quotas, Collections.emptySortedMap());
  }

  /** Those that allow nothing, for these causes. */
  public static PlanTerms barred(Map<BlockCause, String> bars) {
    return new PlanTerms(List.of(), null, List.of(), new TreeMap<>(bars));
  }

  /** The same with these bars. */
  public PlanTerms withBars(Map<BlockCause, String> other) {
    return new PlanTerms(models, rate, quotas, new TreeMap<>(other));
  }

  /**
   * A quota of a plan, as services receive it.
   *
   * @param slug its meter in the plan
   * @param meter the same as services count it: {@code calls}, {@code usage}, or a quantity
   * @param overage whether more than the limit is admitted
   * @param shared its name in requests for leases, where all keys share it; null where each key has
   *     its own
   */
  public record PlanQuota(
      String slug, String meter, BigDecimal limit, boolean overage, @Nullable String shared) {

    /** One of a meter that services know by the same name. */
    public PlanQuota(String meter, BigDecimal limit, boolean overage, @Nullable String shared) {
      this(meter, meter, limit, overage, shared);
    }

    /** Its name for a key. */
    public String idFor(String keyId) {
      return shared == null ? quotaId(keyId, slug) : shared;
    }
  }

  /** The name of a quota that each key has for itself by its plan. */
  public static String quotaId(String keyId, String slug) {
    return "plan/" + keyId + "/" + slug;
  }

  /** The models that both allow. */
  List<String> tighterModels(List<String> own) {
    if (own.isEmpty() || models.isEmpty()) {
      return own.isEmpty() ? models : own;
    }
    List<String> both = new ArrayList<>();
    for (String one : own) {
      for (String other : models) {
        String common = covers(one, other) ? other : covers(other, one) ? one : null;
        if (common != null && !both.contains(common)) {
          both.add(common);
        }
      }
    }
    // An empty list would allow all.
    return both.isEmpty() ? List.of(NO_MODEL) : both;
  }

  private static boolean covers(String pattern, String other) {
    return pattern.endsWith("*")
        ? other.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern.equals(other);
  }

  /** The lower rate and the lower burst. */
  @Nullable Rate tighterRate(@Nullable Rate own) {
    return Rate.tighter(own, rate);
  }
}
