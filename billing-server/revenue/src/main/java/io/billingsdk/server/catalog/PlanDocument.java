package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Commitment;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a plan says, before it has a version. Immutable, as long as nobody changes the copy.
 *
 * @param copy the plan in the one form that it is stored, compared and written in
 */
record PlanDocument(
    String plan,
    String name,
    String currency,
    BillingInterval interval,
    int trialDays,
    List<PlanCharge> charges,
    @Nullable Commitment commitment,
    @Nullable ProgressiveTerms progressive,
    Entitlements entitlements,
    ObjectNode copy) {
  /** Copies the list. */
  PlanDocument {
    charges = List.copyOf(charges);
  }

  /** The plan as JSON, in which decimals are texts. */
  String json() {
    return CatalogJson.text(copy);
  }

  /** SHA-256 of {@link #json}: two plans that say the same have the same. */
  String digest() {
    return CatalogJson.sha256(json());
  }

  /** The meters of its charges and quotas. */
  Set<String> meters() {
    Set<String> meters = new LinkedHashSet<>();
    charges.forEach(charge -> meters.addAll(charge.meters()));
    entitlements.quotas().stream()
        .map(QuotaTerms::meter)
        .filter(each -> !each.equals(QuotaTerms.AMOUNT))
        .forEach(meters::add);
    return meters;
  }

  /** As it is published. */
  PlanVersion version(int version, Instant validFrom) {
    return version(version, validFrom, digest());
  }

  /** The same with the digest that its row has. */
  PlanVersion version(int version, Instant validFrom, String digest) {
    return new PlanVersion(
        plan,
        version,
        currency,
        interval,
        trialDays,
        charges,
        entitlements,
        validFrom,
        name,
        commitment,
        progressive,
        digest);
  }
}
