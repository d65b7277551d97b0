package io.billingsdk.server.catalog;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Commitment;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A published version of a plan. It never changes. Immutable.
 *
 * @param plan the id of the plan
 * @param version from 1, without gaps
 * @param currency of all its prices, a code of ISO 4217
 * @param interval how long a billing period is
 * @param trialDays days before the first charge; 0 for none
 * @param charges at most one for each id
 * @param entitlements what subscribers may use
 * @param validFrom from then on new subscriptions have it
 * @param name shown to people
 * @param commitment what a subscriber commits to spend in each period over all charges; null for
 *     none
 * @param progressive when usage is invoiced before the end of a period; null: never
 * @param digest SHA-256 of its content in hexadecimal, by which an invoice pins it
 */
public record PlanVersion(
    String plan,
    int version,
    String currency,
    BillingInterval interval,
    int trialDays,
    List<PlanCharge> charges,
    Entitlements entitlements,
    Instant validFrom,
    String name,
    @Nullable Commitment commitment,
    @Nullable ProgressiveTerms progressive,
    String digest) {
  /** Copies the list. */
  public PlanVersion {
    charges = List.copyOf(charges);
  }

  /** One without a commitment, progressive billing and without a digest, whose name is its id. */
  public PlanVersion(
      String plan,
      int version,
      String currency,
      BillingInterval interval,
      int trialDays,
      List<PlanCharge> charges,
      Entitlements entitlements,
      Instant validFrom) {
    this(
        plan,
        version,
        currency,
        interval,
        trialDays,
        charges,
        entitlements,
        validFrom,
        plan,
        null,
        null,
        "");
  }

  /** Versions are equal by what names them: a published one is one content. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PlanVersion that
        && plan.equals(that.plan)
        && version == that.version
        && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(plan, version, digest);
  }
}
