package io.billingsdk.server.keys;

import io.billingsdk.server.keys.KeyEntitlements.Rate;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the plan of its customer allows each key of an app. A key has terms of its own beside them,
 * and the tighter ones count. Immutable.
 *
 * @param models names, or beginnings of names followed by {@code *}; empty for all
 * @param rate null for any
 * @param quotas usage of the key counts to each of them, and to its own
 */
public record PlanTerms(List<String> models, @Nullable Rate rate, List<PlanQuota> quotas) {
  /** A model that no call names. */
  private static final String NO_MODEL = "*none*";

  /** Copies the lists. */
  public PlanTerms {
    models = List.copyOf(models);
    quotas = List.copyOf(quotas);
  }

  /**
   * A quota of a plan, as services receive it.
   *
   * @param overage whether more than the limit is admitted
   * @param shared its name in requests for leases, where all keys share it; null where each key has
   *     its own
   */
  public record PlanQuota(
      String meter, BigDecimal limit, boolean overage, @Nullable String shared) {

    /** Its name for a key. */
    public String idFor(String keyId) {
      return shared == null ? "plan/" + keyId + "/" + meter : shared;
    }
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
    if (own == null || rate == null) {
      return own == null ? rate : own;
    }
    return new Rate(own.perSecond().min(rate.perSecond()), Math.min(own.burst(), rate.burst()));
  }
}
