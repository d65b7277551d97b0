package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Tiers of blocks: so many small ones, then larger ones. A block that was begun is charged.
 *
 * @param tiers 1 to 1,000; all but the last say how many blocks they hold
 * @param mode which tiers price the quantity
 */
record BlockPrice(List<BlockTier> tiers, BlockMode mode) implements PriceModel {
  private static final int MOST_TIERS = 1_000;

  /** Checks and copies the tiers. */
  BlockPrice {
    Objects.requireNonNull(mode, "mode");
    tiers = List.copyOf(tiers);
    Check.count("number of tiers", tiers.size(), MOST_TIERS);
    int last = tiers.size() - 1;
    for (int i = 0; i <= last; i++) {
      Integer most = tiers.get(i).mostBlocks();
      if (i == last ? most != null : most == null) {
        throw new RatingInputException(
            "tiers[" + i + "].mostBlocks",
            i == last ? "absent: the last tier has no end" : "given: only the last has no end",
            most == null ? "absent" : most);
      }
    }
  }

  List<Step> steps(Fraction units) {
    List<Step> filled = new ArrayList<>();
    Fraction left = units;
    for (int i = 0; i < tiers.size(); i++) {
      BlockTier tier = tiers.get(i);
      boolean reached = tier.mostBlocks() == null || left.compareTo(tier.capacity()) <= 0;
      if (reached) {
        if (mode == BlockMode.VOLUME) {
          return List.of(step(i, units));
        }
        filled.add(step(i, left));
        return filled;
      }
      filled.add(step(i, tier.capacity()));
      left = left.minus(tier.capacity());
    }
    throw new AssertionError("the last tier is open");
  }

  private Step step(int index, Fraction units) {
    BlockTier tier = tiers.get(index);
    Fraction blocks = Rounding.UP.apply(units.dividedBy(Fraction.of(tier.size())));
    return Step.ofTier(Step.Kind.BLOCKS, index + 1, blocks, Fraction.of(tier.price()));
  }
}
