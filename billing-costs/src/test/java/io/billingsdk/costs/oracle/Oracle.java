package io.billingsdk.costs.oracle;

import io.billingsdk.costs.oracle.World.Price;
import io.billingsdk.costs.oracle.World.Row;
import io.billingsdk.costs.oracle.World.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A second reading of the rules, naive and in exact fractions. Confined to one thread. */
final class Oracle {
  private static final long DAY = 86_400;
  private final World world;
  private final Bug bug;

  Oracle(World world, Bug bug) {
    this.world = world;
    this.bug = bug;
  }

  /** The cost, or empty where it is unknown. */
  Optional<Frac> cost() {
    Row row = world.isOtherModel ? null : row();
    if (row == null) {
      return bug == Bug.UNKNOWN_IS_FREE ? Optional.of(Frac.ZERO) : Optional.empty();
    }
    Frac sum = Frac.ZERO;
    boolean isUnknown = false;
    boolean isMeasured =
        world.parts.entrySet().stream()
            .anyMatch(each -> each.getValue() > 0 && price(row, each.getKey()) != null);
    for (Map.Entry<String, Long> part : world.parts.entrySet()) {
      Price price = price(row, part.getKey());
      if (part.getValue() > 0 && price != null) {
        sum = sum.plus(line(row, part.getKey(), part.getValue(), price));
      } else if (part.getValue() > 0) {
        isUnknown |= !(isMeasured && part.getKey().equals("audio_seconds"));
      }
    }
    return isUnknown && bug != Bug.UNKNOWN_IS_FREE ? Optional.empty() : Optional.of(sum);
  }

  private Frac line(Row row, String bucket, long quantity, Price price) {
    Frac used = Frac.of(quantity);
    if (bug != Bug.MINIMUM_IGNORED && quantity < price.minimum()) {
      used = Frac.of(price.minimum());
    }
    Frac size = Frac.of((long) sizeOf(price.per()) * price.packageSize());
    Frac packages = used.over(size);
    if (price.whole() && bug != Bug.PACKAGE_PRO_RATA) {
      packages = packages.roundedUp();
    }
    Frac amount = packages.times(Frac.read(priceIn(price)));
    boolean isBatch = world.tier.equals("batch") && row.tier().equals("standard");
    boolean isCut =
        bug != Bug.BATCH_IGNORED
            && (bug != Bug.BATCH_ON_INPUT_ALONE || !bucket.startsWith("output"));
    if (isBatch && isCut && row.batch() != null) {
      amount = amount.times(Frac.read(row.batch()));
    }
    return rounded(
        bug == Bug.REASONING_TWICE && bucket.contains("reasoning") ? amount.plus(amount) : amount);
  }

  private Frac rounded(Frac amount) {
    if (bug == Bug.ROUNDED_TO_SIX) {
      return amount.halfUp(6);
    }
    if (amount.hasDecimals(18)) {
      return amount;
    }
    Frac rounded = amount.halfUp(12);
    boolean isUp = rounded.compareTo(amount) > 0;
    return bug == Bug.ROUNDED_DOWN && isUp
        ? rounded.plus(Frac.of(-1, 1_000_000_000_000L))
        : rounded;
  }

  private String priceIn(Price price) {
    long prompt = 0;
    for (Map.Entry<String, Long> part : world.parts.entrySet()) {
      boolean isInput = part.getKey().startsWith("input_");
      boolean isCache = part.getKey().startsWith("cache_");
      if (isInput || (isCache && bug != Bug.TIER_BY_UNCACHED_INPUT)) {
        prompt += part.getValue();
      }
    }
    String found = price.price();
    for (Tier tier : price.tiers()) {
      boolean isInclusive = tier.inclusive() != (bug == Bug.TIER_BOUND_TURNED);
      if (isInclusive ? prompt >= tier.over() : prompt > tier.over()) {
        found = tier.price();
      }
    }
    return found;
  }

  private static int sizeOf(String per) {
    return switch (per) {
      case "1k_tokens" -> 1_000;
      case "1m_tokens" -> 1_000_000;
      case "minute" -> 60;
      case "hour" -> 3_600;
      default -> 1;
    };
  }

  /** The price of a bucket, or of a less specific one. */
  private @Nullable Price price(Row row, String bucket) {
    for (String name : names(bucket)) {
      Price price = row.prices().get(name);
      if (price != null) {
        return price;
      }
    }
    return null;
  }

  private List<String> names(String bucket) {
    if (bucket.startsWith("output_")) {
      return List.of(bucket, "output_tokens");
    }
    if (bucket.endsWith("seconds")) {
      return List.of(bucket);
    }
    String modality = "";
    for (String each : World.MODALITIES) {
      modality = !each.isEmpty() && bucket.contains(each) ? each : modality;
    }
    if (bug == Bug.AUDIO_AT_TEXT_PRICE && modality.equals("audio_")) {
      modality = "";
    }
    List<String> names = new ArrayList<>();
    for (String kind : kinds(bucket)) {
      names.add(kind + modality + "tokens");
      names.add(kind + "tokens");
    }
    return names;
  }

  private List<String> kinds(String bucket) {
    if (bug == Bug.CACHE_AT_INPUT_PRICE || bucket.startsWith("input_")) {
      return List.of("input_");
    }
    if (bucket.startsWith("cache_read_")) {
      return List.of("cache_read_", "input_");
    }
    boolean isHour = bucket.startsWith("cache_write_1h_");
    return isHour && bug != Bug.HOUR_AT_PRICE_OF_FIVE_MINUTES
        ? List.of("cache_write_1h_", "cache_write_5m_", "input_")
        : List.of("cache_write_5m_", "input_");
  }

  private @Nullable Row row() {
    Row best = null;
    for (Row row : world.rows) {
      if (isAt(row) && isInTier(row) && (best == null || rank(row) > rank(best))) {
        best = row;
      }
    }
    return best;
  }

  private int rank(Row row) {
    int own = row.tier().equals(world.tier) ? 2 : 0;
    return own + (row.windowStart() == row.windowEnd() ? 0 : 1);
  }

  private boolean isInTier(Row row) {
    boolean isStandard = row.tier().equals("standard");
    return row.tier().equals(world.tier)
        || (isStandard && bug == Bug.TIER_OF_SERVICE_FALLS_BACK)
        || (isStandard && world.tier.equals("batch") && row.batch() != null);
  }

  private boolean isAt(Row row) {
    Long from = row.from();
    Long to = row.to();
    long end = bug == Bug.END_OF_VALIDITY_INCLUDED ? 1 : 0;
    boolean isValid = (from == null || world.at >= from) && (to == null || world.at < to + end);
    if (row.windowStart() == row.windowEnd()) {
      return isValid;
    }
    long second = Math.floorMod(world.at, DAY);
    long last = row.windowEnd() + (bug == Bug.END_OF_WINDOW_INCLUDED ? 1L : 0L);
    boolean isIn =
        row.windowStart() < row.windowEnd()
            ? second >= row.windowStart() && second < last
            : second >= row.windowStart() || second < last;
    return isValid && isIn && bug != Bug.WINDOW_IGNORED;
  }
}
