package io.billingsdk.forecast;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Facts with a known cause: customers, services, regions and meters with noise of 5 %, and one
 * value or pair of values whose quantity or price changes.
 */
record PlantedCause(List<Fact> facts, Map<String, String> where, boolean ofPrice) {
  private static final double NOISE = 0.05;

  /** A scene in which the cause changes the total by a tenth or more: an anomaly. */
  static PlantedCause of(long seed) {
    Random random = new Random(seed * 104_729 + 7);
    while (true) {
      PlantedCause scene = draw(random);
      double usual = 0;
      double change = 0;
      for (Fact fact : scene.facts) {
        usual += fact.usualAmount().doubleValue();
        change +=
            fact.where().entrySet().containsAll(scene.where.entrySet())
                ? fact.amount().subtract(fact.usualAmount()).doubleValue()
                : 0;
      }
      if (Math.abs(change) > usual / 10) {
        return scene;
      }
    }
  }

  private static PlantedCause draw(Random random) {
    Map<String, String> where = where(random);
    boolean price = random.nextInt(3) == 0;
    double factor = factor(random, price);
    List<Fact> facts = new ArrayList<>();
    double[] unit = new double[6];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = Math.exp(random.nextGaussian());
    }
    for (int cell = 0; cell < 12 * 6 * 4; cell++) {
      if (random.nextInt(10) < 6) {
        Map<String, String> place =
            Map.of(
                "customer", "c" + cell / 24,
                "service", "s" + cell / 4 % 6,
                "region", "r" + cell % 4,
                "currency", "USD");
        boolean hit = place.entrySet().containsAll(where.entrySet());
        double usual = 100 * Math.exp(1.2 * random.nextGaussian());
        double now = usual * Math.exp(NOISE * random.nextGaussian());
        now *= hit && !price ? factor : 1;
        double cost = unit[cell / 4 % 6];
        double costNow = cost * (hit && price ? factor : 1);
        facts.add(
            new Fact(place, exact(usual), exact(usual * cost), exact(now), exact(now * costNow)));
      }
    }
    return new PlantedCause(facts, where, price);
  }

  private static Map<String, String> where(Random random) {
    String customer = "c" + random.nextInt(12);
    String service = "s" + random.nextInt(6);
    String region = "r" + random.nextInt(4);
    return switch (random.nextInt(5)) {
      case 0 -> Map.of("customer", customer);
      case 1 -> Map.of("service", service);
      case 2 -> Map.of("region", region);
      case 3 -> Map.of("customer", customer, "service", service);
      default -> Map.of("service", service, "region", region);
    };
  }

  private static double factor(Random random, boolean price) {
    if (price) {
      return 1.3 + 0.9 * random.nextDouble();
    }
    return random.nextBoolean() ? 1.8 + 2.2 * random.nextDouble() : 0.3 * random.nextDouble();
  }

  /** Whether the larger effect of a cause is the planted one. */
  boolean effectIsRight(Cause cause) {
    return cause.priceEffect().abs().compareTo(cause.quantityEffect().abs()) > 0 == ofPrice;
  }

  private static BigDecimal exact(double value) {
    return BigDecimal.valueOf(value).setScale(4, RoundingMode.HALF_UP);
  }
}
