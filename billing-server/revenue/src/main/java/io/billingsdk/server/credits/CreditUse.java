package io.billingsdk.server.credits;

import io.billingsdk.rating.Money;
import java.util.List;
import java.util.UUID;

/**
 * The coupons and credits that an invoice uses, each with its amount. Immutable.
 *
 * @param coupons by their gifts; each amount is above 0
 * @param credits by their ids; each amount is above 0
 * @param afterReset the same of credits whose billing period has begun again
 */
public record CreditUse(List<Part> coupons, List<Part> credits, List<Part> afterReset) {
  /** Copies the lists. */
  public CreditUse {
    coupons = List.copyOf(coupons);
    credits = List.copyOf(credits);
    afterReset = List.copyOf(afterReset);
  }

  /** An amount of one of them. */
  public record Part(UUID id, Money amount) {}

  /** Whether it uses none. */
  public boolean isEmpty() {
    return coupons.isEmpty() && credits.isEmpty() && afterReset.isEmpty();
  }
}
