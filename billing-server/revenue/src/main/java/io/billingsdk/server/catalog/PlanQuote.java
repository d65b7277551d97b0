package io.billingsdk.server.catalog;

import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Quantity;
import io.billingsdk.rating.RatedLine;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.rating.Usage;
import io.billingsdk.server.catalog.PlanCharge.UsageForm;
import io.billingsdk.server.common.RequestRefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a complete period of a plan costs for some usage, before discounts of an invoice and tax.
 * Immutable.
 *
 * @param lines one for each charge, in the order of the plan
 * @param trueUp the amount that is missing to the commitment; 0 without one
 * @param total of the lines and the true-up
 */
public record PlanQuote(List<QuotedLine> lines, Money trueUp, Money total) {
  /** Copies the list. */
  public PlanQuote {
    lines = List.copyOf(lines);
  }

  /** A charge with its amount and how that came about. */
  public record QuotedLine(PlanCharge charge, RatedLine line) {}

  /**
   * Rates a complete period.
   *
   * @param usage by the slugs of meters; a meter that is not there shows nothing
   * @throws RequestRefusedException when usage is not in the form that a charge needs
   */
  public static PlanQuote of(PlanVersion plan, Map<String, Usage> usage) {
    List<QuotedLine> lines = new ArrayList<>();
    Money sum = Money.zero(plan.currency());
    for (PlanCharge charge : plan.charges()) {
      RatedLine line = rated(charge, usage);
      lines.add(new QuotedLine(charge, line));
      sum = sum.plus(line.amount());
    }
    Money trueUp =
        plan.commitment() == null
            ? Money.zero(plan.currency())
            : plan.commitment().trueUp(Fraction.ONE, sum).missing();
    return new PlanQuote(lines, trueUp, sum.plus(trueUp));
  }

  private static RatedLine rated(PlanCharge charge, Map<String, Usage> usage) {
    try {
      return charge.charge().rate(usageOf(charge, usage));
    } catch (RatingInputException refused) {
      throw RequestRefusedException.invalid(
          "usage of the charge " + charge.id(), refused.expectation());
    }
  }

  private static Usage usageOf(PlanCharge charge, Map<String, Usage> usage) {
    if (charge.form() == UsageForm.PEAKS) {
      Map<String, Quantity> peaks = new LinkedHashMap<>();
      for (String slug : charge.peaks()) {
        if (usage.get(slug) instanceof Usage.Total total) {
          peaks.put(slug, total.quantity());
        }
      }
      return new Usage.Peaks(peaks);
    }
    Usage none = charge.charge().dimension() == null ? Usage.none() : new Usage.ByValue(Map.of());
    String meter = charge.meter();
    return meter == null ? Usage.none() : usage.getOrDefault(meter, none);
  }
}
