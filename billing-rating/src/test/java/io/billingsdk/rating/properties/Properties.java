package io.billingsdk.rating.properties;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** All properties by name, and how one is run. */
final class Properties {
  private static final Map<String, Property> ALL = all();

  private Properties() {}

  private static Map<String, Property> all() {
    Map<String, Property> all = new LinkedHashMap<>();
    all.put("parts", ChargeProperties::partsAddUpToTheWhole);
    all.put("late", ChargeProperties::lateUsageIsTheDifference);
    all.put("monotone", ChargeProperties::moreNeverCostsLess);
    all.put("explained", ChargeProperties::explanationAddsUp);
    all.put("bounds", ChargeProperties::boundsHold);
    all.put("models", ModelProperties::modelsAreWhatUnitsCost);
    all.put("split", ModelProperties::splitAddsUp);
    all.put("periods", TimeProperties::periodsFollowEachOther);
    all.put("bill-day", TimeProperties::boundariesAreOnTheBillDay);
    all.put("shares", TimeProperties::sharesAddUpToOne);
    all.put("credit", TimeProperties::keptAndCreditAddUp);
    all.put("service", TimeProperties::serviceIsCovered);
    all.put("invoice", InvoiceProperties::sumsAgree);
    all.put("commitment", InvoiceProperties::commitmentIsReached);
    all.put("grants", InvoiceProperties::creditIsUsedInOrder);
    all.put("thresholds", InvoiceProperties::thresholdsAreNamedOnce);
    return all;
  }

  static Map<String, Property> byName() {
    return ALL;
  }

  /** The seed of one run, so that a violation can be run again alone. */
  static long seedOf(long seed, String name, int run) {
    return seed * 1_000_003 + name.hashCode() * 31L + run;
  }

  /** What one run breaks, if anything. */
  static Optional<String> violation(Property property, long runSeed, Subject subject) {
    try {
      property.check(new Random(runSeed), subject);
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      return Optional.of("seed " + runSeed + ": " + e);
    }
  }
}
