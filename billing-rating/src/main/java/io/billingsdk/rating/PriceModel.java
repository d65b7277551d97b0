package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.List;

/**
 * How a charge makes an amount of what was used. The models are all there are, and each is made
 * here; what {@link PercentagePrice} offers beside its share it says itself.
 *
 * <p>Prices are 0 to below 10^15 with at most 18 decimals, in the currency of the {@link Charge}.
 * Texts are plain decimals. Immutable, and equal by what they hold.
 */
public sealed interface PriceModel
    permits FlatPrice,
        UnitPrice,
        GraduatedPrice,
        VolumePrice,
        PackagePrice,
        BlockPrice,
        CapacityPrice,
        PercentagePrice,
        GraduatedPercentagePrice {

  /** Which tiers price a quantity. */
  enum BlockMode {
    /** A tier's blocks are filled before the next tier. */
    GRADUATED,
    /** All units are in blocks of the tier that the quantity reaches. */
    VOLUME
  }

  /** Which packages are charged. */
  enum CountedPackages {
    /** Each package that was begun. */
    STARTED,
    /** Complete packages only. */
    COMPLETE
  }

  /**
   * The same amount whatever was used, nothing used included. Prorated by the share of the period.
   *
   * @param amount the price of a whole period
   */
  static PriceModel flat(BigDecimal amount) {
    return new FlatPrice(amount);
  }

  /** The same with a text. */
  static PriceModel flat(String amount) {
    return FlatPrice.of(amount);
  }

  /**
   * Each unit costs the same.
   *
   * @param price the price of one unit
   */
  static PriceModel unit(BigDecimal price) {
    return new UnitPrice(price);
  }

  /** The same with a text. */
  static PriceModel unit(String price) {
    return UnitPrice.of(price);
  }

  /**
   * The units inside each tier cost that tier's price, so a higher tier never reprices what is
   * below it. The flat part of the first tier is due also when nothing was used; that of a later
   * tier when the quantity passes the bound below it.
   *
   * @param tiers 1 to 1,000, with bounds that rise; the last has none
   */
  static PriceModel graduated(List<Tier> tiers) {
    return new GraduatedPrice(tiers);
  }

  /**
   * All units cost the price of the tier that the quantity is in, and its flat part.
   *
   * @param tiers 1 to 1,000, with bounds that rise; the last has none
   */
  static PriceModel volume(List<Tier> tiers) {
    return new VolumePrice(tiers);
  }

  /**
   * A price for each package of units. Packages are counted on the whole of the period, not on the
   * parts in which it is billed.
   *
   * @param size units in a package, above 0
   * @param price the price of one package
   * @param counted which packages are charged
   */
  static PriceModel packages(BigDecimal size, BigDecimal price, CountedPackages counted) {
    return new PackagePrice(size, price, counted);
  }

  /** The same of started packages, with texts. */
  static PriceModel packages(String size, String price) {
    return PackagePrice.of(size, price);
  }

  /**
   * Tiers of blocks: so many small ones, then larger ones. A block that was begun is charged.
   *
   * @param tiers 1 to 1,000; all but the last say how many blocks they hold
   * @param mode which tiers price the quantity
   */
  static PriceModel blocks(List<BlockTier> tiers, BlockMode mode) {
    return new BlockPrice(tiers, mode);
  }

  /**
   * The whole period costs the price of the lowest tier that holds the peaks of all units.
   *
   * @param tiers 1 to 1,000; the bound of a unit never falls from a tier to the next, and the last
   *     tier has no bounds
   */
  static PriceModel capacity(List<CapacityTier> tiers) {
    return new CapacityPrice(tiers);
  }

  /** A share of each event's amount; what else an event costs is added to it. */
  static PercentagePrice percentage(String ratePercent) {
    return PercentagePrice.of(ratePercent);
  }

  /**
   * A share of the sum of the period's amounts: the part inside each tier at that tier's rate. Flat
   * parts are due as those of {@link #graduated}.
   *
   * @param tiers 1 to 1,000, with bounds that rise; the last has none
   */
  static PriceModel graduatedPercentage(List<PercentageTier> tiers) {
    return new GraduatedPercentagePrice(tiers);
  }
}
