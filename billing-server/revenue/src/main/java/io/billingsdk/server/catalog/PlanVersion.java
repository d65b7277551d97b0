package io.billingsdk.server.catalog;

import io.billingsdk.rating.BillingInterval;
import java.time.Instant;
import java.util.List;

/**
 * A published version of a plan. It never changes.
 *
 * @param plan the id of the plan
 * @param version from 1, without gaps
 * @param currency of all its prices, a code of ISO 4217
 * @param interval how long a billing period is
 * @param trialDays days before the first charge; 0 for none
 * @param charges at most one for each id
 * @param entitlements what subscribers may use
 * @param validFrom from then on new subscriptions have it
 */
public record PlanVersion(
    String plan,
    int version,
    String currency,
    BillingInterval interval,
    int trialDays,
    List<PlanCharge> charges,
    Entitlements entitlements,
    Instant validFrom) {
  /** Copies the list. */
  public PlanVersion {
    charges = List.copyOf(charges);
  }
}
