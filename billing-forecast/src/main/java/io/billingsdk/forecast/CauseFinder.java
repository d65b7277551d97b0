package io.billingsdk.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Ranks where a change of cost came from, by dimension values and pairs of them. Quantity and price
 * are apart, and their effects sum to the change exactly. Stateless.
 */
public final class CauseFinder {
  private static final int MOST_FACTS = 100_000;
  // Each cause reads all facts again.
  private static final int MOST_CAUSES = 1_000;

  private CauseFinder() {}

  /**
   * The likeliest causes, the best first.
   *
   * @param facts usage and cost of each combination; at most 100,000
   * @param most how many causes at most, 1 to 1,000
   */
  public static List<Cause> rank(List<Fact> facts, int most) {
    if (facts.size() > MOST_FACTS) {
      throw new ForecastInputException("facts", "at most 100000", facts.size());
    }
    if (most < 1 || most > MOST_CAUSES) {
      throw new ForecastInputException("most", "1 to 1000", most);
    }
    List<Cause> causes = new ArrayList<>();
    for (Place place : Place.ranked(facts, most)) {
      Effects effects = Effects.NONE;
      for (Fact fact : facts) {
        if (holds(fact, place.where())) {
          effects = effects.plus(Effects.of(fact));
        }
      }
      causes.add(
          new Cause(
              place.where(),
              place.explainedShare(),
              effects.change(),
              effects.quantity(),
              effects.price()));
    }
    return causes;
  }

  private static boolean holds(Fact fact, Map<String, String> where) {
    return fact.where().entrySet().containsAll(where.entrySet());
  }
}
