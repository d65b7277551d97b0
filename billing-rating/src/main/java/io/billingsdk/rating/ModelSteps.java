package io.billingsdk.rating;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The steps of the price models, before what concerns the line as a whole. */
final class ModelSteps {
  private final ChargeTerms terms;
  private final Fraction share;
  private final FreeUnits free;

  ModelSteps(ChargeTerms terms, Fraction share) {
    this.terms = terms;
    this.share = share;
    this.free = new FreeUnits(terms.discountedUnits(), terms.includedUnits().times(share));
  }

  List<Step> of(Usage usage) {
    if (terms.dimension() == null) {
      return steps(terms.modelOf(""), usage);
    }
    if (!(usage instanceof Usage.ByValue split)) {
      // A total does not say which price each of its units has.
      throw new RatingInputException(
          "usage", "by the values of " + terms.dimension(), described(usage));
    }
    List<Step> steps = new ArrayList<>();
    ordered(split.byValue())
        .forEach(
            (value, part) ->
                steps(terms.modelOf(value), part)
                    .forEach(step -> steps.add(step.withValue(value))));
    return steps;
  }

  /** Values that the charge lists first, in its order, then all others by name. */
  private Map<String, Usage> ordered(Map<String, Usage> byValue) {
    Map<String, Usage> ordered = new LinkedHashMap<>();
    for (String value : terms.models().keySet()) {
      Usage usage = byValue.get(value);
      if (usage != null) {
        ordered.put(value, usage);
      }
    }
    for (String value : new TreeSet<>(byValue.keySet())) {
      ordered.putIfAbsent(value, byValue.get(value));
    }
    return ordered;
  }

  private List<Step> steps(PriceModel model, Usage usage) {
    if (model instanceof FlatPrice flat) {
      return flat.steps(share);
    }
    if (model instanceof CapacityPrice capacity) {
      return capacity.steps(peaks(usage), share);
    }
    if (model instanceof PercentagePrice percentage) {
      return percentage.steps(amounts(percentage, usage));
    }
    List<Step> steps = new ArrayList<>();
    Fraction units = free.take(converted(usage), steps);
    steps.addAll(unitSteps(model, units));
    return steps;
  }

  private static List<Step> unitSteps(PriceModel model, Fraction units) {
    if (model instanceof UnitPrice unit) {
      return unit.steps(units);
    }
    if (model instanceof GraduatedPrice graduated) {
      return graduated.steps(units);
    }
    if (model instanceof VolumePrice volume) {
      return volume.steps(units);
    }
    if (model instanceof PackagePrice packages) {
      return packages.steps(units);
    }
    if (model instanceof BlockPrice blocks) {
      return blocks.steps(units);
    }
    return ((GraduatedPercentagePrice) model).steps(units);
  }

  private Fraction converted(Usage usage) {
    Fraction metered = total(usage);
    return terms.conversion() == null ? metered : terms.conversion().apply(metered);
  }

  private static Fraction total(Usage usage) {
    if (usage instanceof Usage.Total total) {
      return total.quantity().exactly();
    }
    throw new RatingInputException("usage", "a total", described(usage));
  }

  private static Map<String, Quantity> peaks(Usage usage) {
    if (usage instanceof Usage.Peaks peaks) {
      return peaks.byUnit();
    }
    if (usage.equals(Usage.none())) {
      return Map.of();
    }
    throw new RatingInputException("usage", "peaks", described(usage));
  }

  private static List<Quantity> amounts(PercentagePrice price, Usage usage) {
    if (usage instanceof Usage.Events events) {
      return events.amounts();
    }
    if (usage.equals(Usage.none())) {
      return List.of();
    }
    if (usage instanceof Usage.Total total && !price.needsEvents()) {
      return List.of(total.quantity());
    }
    throw new RatingInputException("usage", "amounts of events", described(usage));
  }

  private static String described(Usage usage) {
    if (usage instanceof Usage.Total) {
      return "a total";
    }
    if (usage instanceof Usage.Events) {
      return "amounts of events";
    }
    return usage instanceof Usage.Peaks ? "peaks" : "usage by value";
  }
}
