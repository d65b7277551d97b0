package io.billingsdk.rating;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The usage of one billing period up to now. It is cumulative: a charge always rates the whole of
 * the period, however often the period is billed.
 *
 * <p>Immutable; lists and maps are copied.
 */
public sealed interface Usage {

  /**
   * A quantity: a sum, a count, a peak.
   *
   * @param quantity the total of the period
   */
  record Total(Quantity quantity) implements Usage {}

  /**
   * The amounts of events, in the order of the events, for a {@link PercentagePrice}.
   *
   * @param amounts one for each event
   */
  record Events(List<Quantity> amounts) implements Usage {
    /** Copies the list. */
    public Events {
      amounts = List.copyOf(amounts);
    }
  }

  /**
   * The highest value of each unit in the period, for a {@link PriceModel#capacity}.
   *
   * @param byUnit a peak for each unit; a unit that is not there was not used
   */
  record Peaks(Map<String, Quantity> byUnit) implements Usage {
    /** Copies the map. */
    public Peaks {
      byUnit = Collections.unmodifiableMap(new LinkedHashMap<>(byUnit));
    }
  }

  /**
   * Usage by the values of a charge's dimension, for example by model.
   *
   * @param byValue the usage of each value; none of it is a {@code ByValue} again
   */
  record ByValue(Map<String, Usage> byValue) implements Usage {
    /** Copies the map. */
    public ByValue {
      byValue = Collections.unmodifiableMap(new LinkedHashMap<>(byValue));
      byValue.forEach(
          (value, usage) -> {
            if (usage instanceof ByValue) {
              throw new RatingInputException("usage[" + value + "]", "of one value", "by value");
            }
          });
    }
  }

  /** Nothing was used. */
  static Usage none() {
    return new Total(Quantity.ZERO);
  }

  /** This quantity in all. */
  static Usage of(Quantity total) {
    return new Total(total);
  }

  /** This quantity in all, as a plain decimal. */
  static Usage of(String total) {
    return new Total(Quantity.parse(total));
  }
}
