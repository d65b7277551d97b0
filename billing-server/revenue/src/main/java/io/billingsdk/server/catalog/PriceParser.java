package io.billingsdk.server.catalog;

import io.billingsdk.rating.BlockTier;
import io.billingsdk.rating.CapacityTier;
import io.billingsdk.rating.PercentagePrice;
import io.billingsdk.rating.PercentageTier;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.PriceModel.BlockMode;
import io.billingsdk.rating.PriceModel.CountedPackages;
import io.billingsdk.rating.Tier;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the price of a charge: one of the models, with all that it can have. */
final class PriceParser {
  private static final int MOST_TIERS = 1_000;
  private static final int MOST_UNITS = 16;

  private enum Model {
    FLAT,
    UNIT,
    GRADUATED,
    VOLUME,
    PACKAGES,
    BLOCKS,
    CAPACITY,
    PERCENTAGE,
    GRADUATED_PERCENTAGE
  }

  private static final Map<String, Model> MODELS = MeterParser.words(Model.values());
  private static final Map<String, BlockMode> BLOCK_MODES = MeterParser.words(BlockMode.values());
  private static final Map<String, CountedPackages> COUNTED =
      MeterParser.words(CountedPackages.values());

  private PriceParser() {}

  /**
   * A price.
   *
   * @param form which usage it needs
   * @param isFlat whether it needs none
   * @param units of a capacity; otherwise empty
   */
  record Price(PriceModel model, UsageForm form, boolean isFlat, Set<String> units) {
    static Price of(PriceModel model, UsageForm form) {
      return new Price(model, form, /* isFlat= */ false, Set.of());
    }
  }

  static Price read(Fields fields) {
    Model model =
        fields
            .choice("model", MODELS)
            .orElseThrow(
                () -> fields.wrong("model", "one of " + String.join(", ", MODELS.keySet())));
    Price price =
        switch (model) {
          case FLAT -> flat(fields);
          case UNIT -> total(decimal(fields, "price", PriceModel::unit));
          case GRADUATED -> total(tiers(fields, PriceModel::graduated));
          case VOLUME -> total(tiers(fields, PriceModel::volume));
          case PACKAGES -> total(packages(fields));
          case BLOCKS -> total(blocks(fields));
          case CAPACITY -> capacity(fields);
          case PERCENTAGE -> percentage(fields);
          case GRADUATED_PERCENTAGE -> total(graduatedPercentage(fields));
        };
    fields.end();
    return price;
  }

  private static Price total(PriceModel model) {
    return Price.of(model, UsageForm.TOTAL);
  }

  private static Price flat(Fields fields) {
    PriceModel model = decimal(fields, "amount", PriceModel::flat);
    return new Price(model, UsageForm.TOTAL, /* isFlat= */ true, Set.of());
  }

  private static PriceModel decimal(
      Fields fields, String name, Function<BigDecimal, PriceModel> made) {
    BigDecimal number = fields.decimal(name);
    return fields.rated(() -> made.apply(number));
  }

  private static PriceModel tiers(Fields fields, Function<List<Tier>, PriceModel> made) {
    List<Tier> tiers = new ArrayList<>();
    for (Fields each : tierFields(fields)) {
      BigDecimal upTo = each.optionalDecimal("upTo").orElse(null);
      BigDecimal unit = each.optionalDecimal("unitPrice").orElse(BigDecimal.ZERO);
      BigDecimal flat = each.optionalDecimal("flatPrice").orElse(BigDecimal.ZERO);
      tiers.add(each.rated(() -> new Tier(upTo, unit, flat)));
      each.end();
    }
    return fields.rated(() -> made.apply(tiers));
  }

  private static PriceModel packages(Fields fields) {
    BigDecimal size = fields.decimal("size");
    BigDecimal price = fields.decimal("price");
    CountedPackages counted = fields.choice("counted", COUNTED).orElse(CountedPackages.STARTED);
    return fields.rated(() -> PriceModel.packages(size, price, counted));
  }

  private static PriceModel blocks(Fields fields) {
    List<BlockTier> tiers = new ArrayList<>();
    for (Fields each : tierFields(fields)) {
      BigDecimal size = each.decimal("size");
      Integer most = each.whole("mostBlocks", 1, Integer.MAX_VALUE).orElse(null);
      BigDecimal price = each.decimal("price");
      tiers.add(each.rated(() -> new BlockTier(size, most, price)));
      each.end();
    }
    BlockMode mode = fields.choice("mode", BLOCK_MODES).orElse(BlockMode.GRADUATED);
    return fields.rated(() -> PriceModel.blocks(tiers, mode));
  }

  private static Price capacity(Fields fields) {
    List<CapacityTier> tiers = new ArrayList<>();
    Set<String> units = new LinkedHashSet<>();
    for (Fields each : tierFields(fields)) {
      BigDecimal price = each.decimal("price");
      Map<String, BigDecimal> most = new LinkedHashMap<>();
      each.object("most")
          .ifPresent(
              bounds ->
                  bounds.names(MOST_UNITS).forEach(unit -> most.put(unit, bounds.decimal(unit))));
      units.addAll(most.keySet());
      tiers.add(each.rated(() -> new CapacityTier(price, most)));
      each.end();
    }
    if (units.isEmpty()) {
      throw fields.wrong("tiers", "such that the first says by 'most' what it holds of a meter");
    }
    PriceModel model = fields.rated(() -> PriceModel.capacity(tiers));
    return new Price(model, UsageForm.PEAKS, /* isFlat= */ false, units);
  }

  private static Price percentage(Fields fields) {
    BigDecimal rate = fields.decimal("ratePercent");
    BigDecimal fixed = fields.optionalDecimal("fixedPerEvent").orElse(BigDecimal.ZERO);
    int freeEvents = fields.whole("freeEvents", 0, Integer.MAX_VALUE).orElse(0);
    BigDecimal freeAmount = fields.optionalDecimal("freeAmount").orElse(BigDecimal.ZERO);
    BigDecimal least = fields.optionalDecimal("leastPerEvent").orElse(null);
    BigDecimal most = fields.optionalDecimal("mostPerEvent").orElse(null);
    PriceModel model =
        fields.rated(() -> new PercentagePrice(rate, fixed, freeEvents, freeAmount, least, most));
    return Price.of(model, formOf(fixed, freeEvents, least, most));
  }

  /** Where single events do not matter, their sum is enough, and comes from the rollups. */
  private static UsageForm formOf(
      BigDecimal fixed, int freeEvents, @Nullable BigDecimal least, @Nullable BigDecimal most) {
    return fixed.signum() > 0 || freeEvents > 0 || least != null || most != null
        ? UsageForm.EVENTS
        : UsageForm.TOTAL;
  }

  private static PriceModel graduatedPercentage(Fields fields) {
    List<PercentageTier> tiers = new ArrayList<>();
    for (Fields each : tierFields(fields)) {
      BigDecimal upTo = each.optionalDecimal("upTo").orElse(null);
      BigDecimal rate = each.decimal("ratePercent");
      BigDecimal flat = each.optionalDecimal("flatPrice").orElse(BigDecimal.ZERO);
      tiers.add(each.rated(() -> new PercentageTier(upTo, rate, flat)));
      each.end();
    }
    return fields.rated(() -> PriceModel.graduatedPercentage(tiers));
  }

  private static List<Fields> tierFields(Fields fields) {
    List<Fields> tiers = fields.objects("tiers", MOST_TIERS);
    if (tiers.isEmpty()) {
      throw fields.wrong("tiers", "a list of 1 to " + MOST_TIERS);
    }
    return tiers;
  }
}
