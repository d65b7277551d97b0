package io.billingsdk.rating.properties;

import io.billingsdk.rating.BlockTier;
import io.billingsdk.rating.CapacityTier;
import io.billingsdk.rating.PercentagePrice;
import io.billingsdk.rating.PercentageTier;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.Tier;
import io.billingsdk.rating.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Random price models of every kind. */
final class Models {
  static final List<String> UNITS = List.of("cpu", "memory");

  /** The kinds that there are. */
  enum ModelKind {
    FLAT,
    UNIT,
    GRADUATED,
    VOLUME,
    PACKAGE,
    BLOCK,
    GRADUATED_PERCENTAGE,
    CAPACITY,
    PERCENTAGE;

    boolean countsUnits() {
      return this != FLAT && this != CAPACITY && this != PERCENTAGE;
    }

    Usage nothing() {
      return switch (this) {
        case CAPACITY -> new Usage.Peaks(Map.of());
        case PERCENTAGE -> new Usage.Events(List.of());
        default -> Usage.none();
      };
    }
  }

  private final Gen gen;

  Models(Gen gen) {
    this.gen = gen;
  }

  PriceModel of(ModelKind kind) {
    return switch (kind) {
      case FLAT -> PriceModel.flat(gen.decimal(300));
      case UNIT -> PriceModel.unit(gen.decimal(20));
      case GRADUATED -> PriceModel.graduated(tiers());
      case VOLUME -> PriceModel.volume(tiers());
      case PACKAGE ->
          PriceModel.packages(
              gen.positive(20),
              gen.decimal(20),
              gen.of(List.of(PriceModel.CountedPackages.values())));
      case BLOCK -> blocks();
      case GRADUATED_PERCENTAGE -> PriceModel.graduatedPercentage(percentageTiers());
      case CAPACITY -> capacity();
      case PERCENTAGE -> percentage();
    };
  }

  List<Tier> tiers() {
    List<Tier> tiers = new ArrayList<>();
    for (BigDecimal bound : bounds()) {
      tiers.add(new Tier(bound, gen.decimal(10), flat()));
    }
    tiers.add(new Tier(null, gen.decimal(10), flat()));
    return tiers;
  }

  private BigDecimal flat() {
    return gen.oneIn(2) ? BigDecimal.ZERO : gen.decimal(50);
  }

  private List<PercentageTier> percentageTiers() {
    List<PercentageTier> tiers = new ArrayList<>();
    for (BigDecimal bound : bounds()) {
      tiers.add(new PercentageTier(bound, gen.decimal(10), flat()));
    }
    tiers.add(new PercentageTier(null, gen.decimal(10), flat()));
    return tiers;
  }

  private List<BigDecimal> bounds() {
    List<BigDecimal> bounds = new ArrayList<>();
    BigDecimal bound = BigDecimal.ZERO;
    int count = gen.below(4);
    for (int i = 0; i < count; i++) {
      bound = bound.add(gen.positive(40));
      bounds.add(bound);
    }
    return bounds;
  }

  private PriceModel blocks() {
    List<BlockTier> tiers = new ArrayList<>();
    int count = gen.below(3);
    for (int i = 0; i < count; i++) {
      tiers.add(new BlockTier(gen.positive(10), 1 + gen.below(5), gen.decimal(10)));
    }
    tiers.add(new BlockTier(gen.positive(30), null, gen.decimal(10)));
    return PriceModel.blocks(tiers, gen.of(List.of(PriceModel.BlockMode.values())));
  }

  private PriceModel capacity() {
    List<CapacityTier> tiers = new ArrayList<>();
    BigDecimal most = BigDecimal.ZERO;
    BigDecimal price = BigDecimal.ZERO;
    for (int i = 0; i < 3; i++) {
      most = most.add(gen.positive(30));
      price = price.add(gen.decimal(50));
      tiers.add(new CapacityTier(price, Map.of("cpu", most, "memory", most)));
    }
    tiers.add(new CapacityTier(price.add(gen.decimal(50)), Map.of()));
    return PriceModel.capacity(tiers);
  }

  private PercentagePrice percentage() {
    BigDecimal least = gen.oneIn(3) ? gen.decimal(3) : null;
    BigDecimal above = gen.decimal(20).add(least == null ? BigDecimal.ZERO : least);
    return PercentagePrice.of(gen.decimal(10).toPlainString())
        .withFixedPerEvent(gen.decimal(3).toPlainString())
        .withFree(
            gen.oneIn(2) ? 0 : gen.below(4), gen.oneIn(2) ? "0" : gen.decimal(500).toPlainString())
        .withBounds(least, gen.oneIn(3) ? above : null);
  }
}
