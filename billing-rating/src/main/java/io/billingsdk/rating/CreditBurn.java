package io.billingsdk.rating;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Credit after usage took from it.
 *
 * <p>Guarantee: the amounts taken of all grants and the overage add up to the usage.
 *
 * @param left the rest of each grant, by its id, in the order in which grants are used; an unusable
 *     grant is left as it was
 * @param balance the usable rest in all
 * @param overage what no grant covered
 */
public record CreditBurn(Map<String, Quantity> left, Quantity balance, Quantity overage) {
  /** Copies the map. */
  public CreditBurn {
    left = Collections.unmodifiableMap(new LinkedHashMap<>(left));
    Objects.requireNonNull(balance, "balance");
    Objects.requireNonNull(overage, "overage");
  }

  /**
   * Takes usage of a moment from grants, in {@linkplain CreditGrant#BURN_ORDER their order}.
   *
   * @param grants with ids that differ
   */
  public static CreditBurn of(List<CreditGrant> grants, Quantity usage, Instant moment) {
    Map<String, Quantity> left = new LinkedHashMap<>();
    Quantity open = usage;
    Quantity balance = Quantity.ZERO;
    for (CreditGrant grant : grants.stream().sorted(CreditGrant.BURN_ORDER).toList()) {
      Quantity taken = grant.isUsable(moment) ? open.min(grant.amount()) : Quantity.ZERO;
      open = open.minus(taken);
      Quantity rest = grant.amount().minus(taken);
      balance = grant.isUsable(moment) ? balance.plus(rest) : balance;
      if (left.put(grant.id(), rest) != null) {
        throw new RatingInputException("grants", "of ids that differ", '"' + grant.id() + '"');
      }
    }
    return new CreditBurn(left, balance, open);
  }
}
