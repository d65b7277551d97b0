package io.billingsdk.rating;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A share of the amount of each event, and a fixed part for each.
 *
 * <p>An event is free while both allowances last: it is among the first {@code freeEvents}, if that
 * is above 0, and within the first {@code freeAmount} of the sum, if that is above 0. The event
 * that passes the free amount is charged for what is above it. A free event has no fixed part and
 * no bounds.
 *
 * @param ratePercent the share in per cent, 0 to below 1000
 * @param fixedPerEvent what each event that is not free costs beside its share
 * @param freeEvents the first events of a period that are free; 0 for no such allowance
 * @param freeAmount the first amounts of a period that are free; 0 for no such allowance
 * @param leastPerEvent the least that an event costs that is not free; null for no bound
 * @param mostPerEvent the most that an event costs; null for no bound
 */
public record PercentagePrice(
    BigDecimal ratePercent,
    BigDecimal fixedPerEvent,
    int freeEvents,
    BigDecimal freeAmount,
    @Nullable BigDecimal leastPerEvent,
    @Nullable BigDecimal mostPerEvent)
    implements PriceModel {

  /** Checks the rate, the prices and the bounds. */
  public PercentagePrice {
    ratePercent = Check.ratePercent("ratePercent", ratePercent);
    fixedPerEvent = Check.price("fixedPerEvent", fixedPerEvent);
    if (freeEvents < 0) {
      throw new RatingInputException("freeEvents", "at least 0", freeEvents);
    }
    freeAmount = Check.price("freeAmount", freeAmount);
    leastPerEvent = leastPerEvent == null ? null : Check.price("leastPerEvent", leastPerEvent);
    mostPerEvent = mostPerEvent == null ? null : Check.price("mostPerEvent", mostPerEvent);
    if (leastPerEvent != null
        && mostPerEvent != null
        && leastPerEvent.compareTo(mostPerEvent) > 0) {
      throw new RatingInputException(
          "leastPerEvent", "at most mostPerEvent, " + mostPerEvent, leastPerEvent);
    }
  }

  /** A share of the sum and nothing else, as a plain decimal. */
  public static PercentagePrice of(String ratePercent) {
    BigDecimal rate = Check.decimal("ratePercent", ratePercent);
    return new PercentagePrice(rate, BigDecimal.ZERO, 0, BigDecimal.ZERO, null, null);
  }

  /** Adds a fixed part for each event, as a plain decimal. */
  public PercentagePrice withFixedPerEvent(String fixed) {
    return new PercentagePrice(
        ratePercent,
        Check.decimal("fixedPerEvent", fixed),
        freeEvents,
        freeAmount,
        leastPerEvent,
        mostPerEvent);
  }

  /** Sets what is free, the amount as a plain decimal; 0 for no such allowance. */
  public PercentagePrice withFree(int events, String amount) {
    return new PercentagePrice(
        ratePercent,
        fixedPerEvent,
        events,
        Check.decimal("freeAmount", amount),
        leastPerEvent,
        mostPerEvent);
  }

  /** Sets the bounds of an event, each null for none. */
  public PercentagePrice withBounds(@Nullable BigDecimal least, @Nullable BigDecimal most) {
    return new PercentagePrice(ratePercent, fixedPerEvent, freeEvents, freeAmount, least, most);
  }

  /** Whether single events matter, rather than their sum alone. */
  boolean needsEvents() {
    return fixedPerEvent.signum() > 0
        || freeEvents > 0
        || leastPerEvent != null
        || mostPerEvent != null;
  }

  List<Step> steps(List<Quantity> amounts) {
    EventPricing pricing = new EventPricing(this);
    amounts.forEach(pricing::add);
    return pricing.steps();
  }
}
