package io.billingsdk.costs;

import io.billingsdk.costs.ImportFinding.Severity;
import io.billingsdk.costs.ImportMerge.Replacement;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How far a new price is from the one before it, and how far two sources are from each other. */
final class PriceComparison {
  private static final BigDecimal LARGE = new BigDecimal("0.20");
  private static final BigDecimal NEAR = new BigDecimal("0.01");
  private static final BigDecimal FACTOR = new BigDecimal("1000");

  private PriceComparison() {}

  static void compare(Replacement pair, List<ImportFinding> findings) {
    PriceTerms before = pair.before().terms();
    PriceTerms after = pair.after().terms();
    String row = pair.after().key() + " " + pair.after().validity();
    terms(row, before, after, findings);
    boolean isNear = before.currency().equals(after.currency());
    for (Bucket bucket : before.prices().keySet()) {
      BucketPrice then = Objects.requireNonNull(before.prices().get(bucket));
      BucketPrice now = after.prices().get(bucket);
      String subject = row + " " + bucket.key();
      if (now == null) {
        findings.add(stop("free", subject, "priced, as before", "without a price"));
      } else {
        change(subject, then, now, findings);
      }
      isNear = isNear && now != null && allWithin(NEAR, then, now);
    }
    if (!pair.before().source().name().equals(pair.after().source().name())) {
      source(pair, isNear, findings);
    }
  }

  /** A price in another currency is another price, and so is another share for batches. */
  private static void terms(
      String row, PriceTerms before, PriceTerms after, List<ImportFinding> findings) {
    if (!before.currency().equals(after.currency())) {
      String subject = row + " currency";
      findings.add(stop("large_change", subject, before.currency(), after.currency()));
    }
    Optional<BigDecimal> then = before.batchMultiplier();
    Optional<BigDecimal> now = after.batchMultiplier();
    if (then.isEmpty()) {
      return;
    }
    String subject = row + " batchMultiplier";
    String expected = "near " + Check.plain(then.get());
    if (now.isEmpty()) {
      findings.add(stop("free", subject, expected, "absent"));
    } else if (isFactor(then.get(), now.get())) {
      findings.add(stop("factor", subject, expected, Check.plain(now.get())));
    } else if (!isWithin(LARGE, then.get(), now.get())) {
      findings.add(stop("large_change", subject, expected, Check.plain(now.get())));
    }
  }

  private static ImportFinding stop(String code, String subject, String expectation, String found) {
    return new ImportFinding(Severity.STOP, code, subject, expectation, found);
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
      findings.add(stop("free", subject, "free or not, as before", found));
    } else if (isFactor(inSizeOf(after, before.price()), inSizeOf(before, after.price()))) {
      findings.add(stop("factor", subject, "less than 1,000 times the other price", found));
    } else if (!allWithin(LARGE, before, after)) {
      findings.add(stop("large_change", subject, "within 20 % of the price before", found));
    }
  }

  /** Both times both sizes: a quotient might have no end. */
  private static BigDecimal inSizeOf(BucketPrice other, BigDecimal price) {
    return price.multiply(other.size());
  }

  private static boolean isFactor(BigDecimal then, BigDecimal now) {
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
    BigDecimal then = inSizeOf(after, before.priceIn(tier));
    BigDecimal now = inSizeOf(before, after.priceIn(tier));
    boolean isSameBound =
        tier == 0
            || before.tiers().get(tier - 1).bound().compareTo(after.tiers().get(tier - 1).bound())
                == 0;
    return isSameBound && isWithin(share, then, now);
  }

  private static boolean isWithin(BigDecimal share, BigDecimal then, BigDecimal now) {
    return now.subtract(then).abs().compareTo(then.multiply(share)) <= 0;
  }
}
