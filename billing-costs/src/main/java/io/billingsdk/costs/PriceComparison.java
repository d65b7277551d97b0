package io.billingsdk.costs;

import io.billingsdk.costs.ImportFinding.Severity;
import io.billingsdk.costs.ImportMerge.Replacement;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/** How far a new price is from the one before it, and how far two sources are from each other. */
final class PriceComparison {
  private static final BigDecimal LARGE = new BigDecimal("0.20");
  private static final BigDecimal NEAR = new BigDecimal("0.01");
  private static final BigDecimal FACTOR = new BigDecimal("1000");

  private PriceComparison() {}

  static void compare(Replacement pair, List<ImportFinding> findings) {
    PriceTerms before = pair.before().terms();
    PriceTerms after = pair.after().terms();
    boolean isNear = true;
    for (Bucket bucket : before.prices().keySet()) {
      BucketPrice then = Objects.requireNonNull(before.prices().get(bucket));
      BucketPrice now = after.prices().get(bucket);
      String subject = pair.after().key() + " " + pair.after().validity() + " " + bucket.key();
      if (now == null) {
        findings.add(
            new ImportFinding(
                Severity.STOP, "free", subject, "priced, as before", "without a price"));
      } else {
        change(subject, then, now, findings);
      }
      isNear = isNear && now != null && allWithin(NEAR, then, now);
    }
    if (!pair.before().source().name().equals(pair.after().source().name())) {
      source(pair, isNear, findings);
    }
  }

  private static void source(Replacement pair, boolean isNear, List<ImportFinding> findings) {
    findings.add(
        new ImportFinding(
            Severity.NOTE,
            isNear ? "sources_agree" : "sources_differ",
            pair.after().key().toString(),
            "within 1 % of the price of " + pair.before().source().name(),
            (isNear ? "within it in " : "not within it in ") + pair.after().source().name()));
  }

  private static void change(
      String subject, BucketPrice before, BucketPrice after, List<ImportFinding> findings) {
    String found = before.canonical() + " -> " + after.canonical();
    if (before.isFree() != after.isFree()) {
      findings.add(
          new ImportFinding(Severity.STOP, "free", subject, "free or not, as before", found));
    } else if (isFactor(before, after)) {
      findings.add(
          new ImportFinding(
              Severity.STOP, "factor", subject, "less than 1,000 times the other price", found));
    } else if (!allWithin(LARGE, before, after)) {
      findings.add(
          new ImportFinding(
              Severity.STOP, "large_change", subject, "within 20 % of the price before", found));
    }
  }

  private static boolean isFactor(BucketPrice before, BucketPrice after) {
    BigDecimal then = before.price().multiply(after.size());
    BigDecimal now = after.price().multiply(before.size());
    return then.signum() > 0
        && now.signum() > 0
        && then.max(now).compareTo(then.min(now).multiply(FACTOR)) >= 0;
  }

  /** Whether the price and that of each tier are so near; other tiers are another price. */
  private static boolean allWithin(BigDecimal share, BucketPrice before, BucketPrice after) {
    boolean isNear =
        before.tiers().size() == after.tiers().size()
            && before.wholePackages() == after.wholePackages()
            && before.minimum().compareTo(after.minimum()) == 0;
    for (int tier = 0; isNear && tier <= before.tiers().size(); tier++) {
      isNear = isWithin(share, before, after, tier);
    }
    return isNear;
  }

  private static boolean isWithin(
      BigDecimal share, BucketPrice before, BucketPrice after, int tier) {
    // Both times both sizes: a quotient might have no end.
    BigDecimal then = before.priceIn(tier).multiply(after.size());
    BigDecimal now = after.priceIn(tier).multiply(before.size());
    boolean isSameBound =
        tier == 0
            || before.tiers().get(tier - 1).bound().compareTo(after.tiers().get(tier - 1).bound())
                == 0;
    return isSameBound && now.subtract(then).abs().compareTo(then.multiply(share)) <= 0;
  }
}
