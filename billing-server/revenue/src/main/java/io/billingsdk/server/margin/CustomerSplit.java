package io.billingsdk.server.margin;

import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.Split;
import io.billingsdk.server.margin.CostSource.ModelCost;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides the prices and costs of a customer by line and model, so that the parts add up exactly:
 * the price of a line by the usage of the models that it reads; the cost of a model goes to the
 * first line that reads it. For one thread.
 */
final class CustomerSplit {
  private final ChargeReads reads;
  private final String currency;
  private final List<Part> parts = new ArrayList<>();

  CustomerSplit(ChargeReads reads, String currency) {
    this.reads = reads;
    this.currency = currency;
  }

  /**
   * A line and a model.
   *
   * @param plan empty for usage that no line has
   * @param module empty for a price without usage
   * @param usage whose cost it is
   * @param isKnown whether its cost is
   */
  record Part(
      String plan,
      String charge,
      String module,
      String model,
      BigDecimal usage,
      Money price,
      BigDecimal cost,
      boolean isKnown) {}

  private record Line(String plan, int version, String charge) {}

  /** The parts of lines and costs. */
  List<Part> of(List<InvoicedLine> lines, List<ModelCost> costs) {
    Map<Line, Money> prices = new LinkedHashMap<>();
    lines.forEach(
        each ->
            prices.merge(
                new Line(each.plan(), each.version(), each.charge()), each.price(), Money::plus));
    List<ModelCost> left = new ArrayList<>(costs);
    prices.forEach((line, price) -> add(line, price, costs, left));
    left.forEach(each -> parts.add(part("", "", each, Money.zero(currency), /* bears= */ true)));
    return List.copyOf(parts);
  }

  private void add(Line line, Money price, List<ModelCost> costs, List<ModelCost> left) {
    List<ModelCost> read =
        costs.stream()
            .filter(
                each ->
                    reads.reads(
                        line.plan(), line.version(), line.charge(), each.module(), each.model()))
            .toList();
    List<Money> prices = split(price, read);
    for (int i = 0; i < prices.size(); i++) {
      // Only the first line bears the cost: two would double it.
      boolean bears = left.remove(read.get(i));
      parts.add(part(line.plan(), line.charge(), read.get(i), prices.get(i), bears));
    }
    if (prices.isEmpty()) {
      parts.add(
          new Part(
              line.plan(),
              line.charge(),
              "",
              "",
              BigDecimal.ZERO,
              price,
              BigDecimal.ZERO,
              /* isKnown= */ true));
    }
  }

  /** None if there is no usage to divide by, and a price. */
  private static List<Money> split(Money price, List<ModelCost> read) {
    List<Fraction> weights =
        read.stream().map(each -> Fraction.of(each.usage().max(BigDecimal.ZERO))).toList();
    if (weights.stream().allMatch(each -> each.signum() == 0)) {
      return price.signum() == 0
          ? read.stream().map(each -> Money.zero(price.currency())).toList()
          : List.of();
    }
    List<Money> split = Split.of(price.max(price.negated()), weights);
    return price.signum() < 0 ? split.stream().map(Money::negated).toList() : split;
  }

  private Part part(String plan, String charge, ModelCost of, Money price, boolean bears) {
    BigDecimal cost = of.cost();
    boolean isKnown = cost != null && of.currency().equals(currency);
    return new Part(
        plan,
        charge,
        of.module(),
        of.model(),
        bears ? of.usage() : BigDecimal.ZERO,
        price,
        bears && isKnown && cost != null ? cost : BigDecimal.ZERO,
        !bears || isKnown || of.usage().signum() == 0);
  }
}
