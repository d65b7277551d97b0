package io.billingsdk.rating;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A tier of a {@link PriceModel#blocks}.
 *
 * @param size units in a block, above 0
 * @param mostBlocks blocks that the tier holds, 1 to 2^31 - 1; null for the last tier, which has no
 *     end
 * @param price the price of a block
 */
public record BlockTier(BigDecimal size, @Nullable Integer mostBlocks, BigDecimal price) {
  /** Checks size, number and price. */
  public BlockTier {
    size = Check.positive("size", size);
    mostBlocks =
        mostBlocks == null ? null : Check.count("mostBlocks", mostBlocks, Integer.MAX_VALUE);
    price = Check.price("price", price);
  }

  /** The units that the tier holds in all; asked only of a tier with an end. */
  Fraction capacity() {
    if (mostBlocks == null) {
      throw new IllegalStateException("the last tier has no end");
    }
    return Fraction.of(size).times(Fraction.of(mostBlocks));
  }
}
