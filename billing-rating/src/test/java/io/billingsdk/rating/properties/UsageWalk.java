package io.billingsdk.rating.properties;

import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The next moment of a period: more was used, or a correction took some away. */
final class UsageWalk {
  private final Gen gen;
  private final boolean corrections;

  UsageWalk(Gen gen, boolean corrections) {
    this.gen = gen;
    this.corrections = corrections;
  }

  Usage next(Usage usage) {
    if (usage instanceof Usage.Total total) {
      return new Usage.Total(next(total.quantity()));
    }
    if (usage instanceof Usage.Peaks peaks) {
      Map<String, Quantity> byUnit = new LinkedHashMap<>(peaks.byUnit());
      byUnit.put(gen.of(Models.UNITS), next(byUnit.getOrDefault("cpu", Quantity.ZERO)));
      return corrections ? new Usage.Peaks(byUnit) : new Usage.Peaks(highest(peaks, byUnit));
    }
    List<Quantity> amounts = new ArrayList<>(((Usage.Events) usage).amounts());
    if (corrections && gen.oneIn(3) && !amounts.isEmpty()) {
      amounts.remove(gen.below(amounts.size()));
    }
    amounts.add(gen.quantity(400));
    return new Usage.Events(amounts);
  }

  private Quantity next(Quantity quantity) {
    BigDecimal change = gen.decimal(40);
    BigDecimal next =
        corrections && gen.oneIn(3)
            ? quantity.value().subtract(change)
            : quantity.value().add(change);
    return Quantity.of(next.max(BigDecimal.ZERO));
  }

  private static Map<String, Quantity> highest(Usage.Peaks before, Map<String, Quantity> now) {
    before.byUnit().forEach((unit, peak) -> now.merge(unit, peak, Quantity::max));
    return now;
  }
}
