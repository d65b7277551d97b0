package io.billingsdk.server.margin;

import io.billingsdk.rating.Money;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.margin.CostSource.ModelCost;
import io.billingsdk.server.margin.CustomerSplit.Part;
import io.billingsdk.server.margin.MarginReport.CustomerMargin;
import io.billingsdk.server.margin.MarginReport.LineMargin;
import io.billingsdk.server.margin.MarginReport.MarginAmounts;
import io.billingsdk.server.margin.MarginReport.ModelMargin;
import io.billingsdk.server.margin.MarginReport.UnknownCost;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up the margins of customers. Currencies are never added up. For one thread. */
final class MarginSums {
  private final ChargeReads reads;
  private final List<CustomerMargin> customers = new ArrayList<>();
  private final Map<String, MarginAmounts> sums = new TreeMap<>();
  private final Map<List<String>, MarginAmounts> lines = new TreeMap<>(MarginSums::order);
  private final Map<List<String>, ModelMargin> models = new TreeMap<>(MarginSums::order);
  private final Map<List<String>, UnknownCost> unknown = new TreeMap<>(MarginSums::order);

  MarginSums(ChargeReads reads) {
    this.reads = reads;
  }

  private static int order(List<String> one, List<String> other) {
    for (int i = 0; i < one.size(); i++) {
      int order = one.get(i).compareTo(other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Adds a customer with its lines and the costs of its usage from a moment to another. */
  void add(
      Customer customer,
      Instant from,
      Instant to,
      List<InvoicedLine> invoiced,
      List<ModelCost> costs) {
    String currency = invoiced.isEmpty() ? customer.currency() : invoiced.get(0).price().currency();
    Money zero = Money.zero(currency);
    MarginAmounts all = MarginAmounts.of(currency, zero.amount(), BigDecimal.ZERO, true);
    for (Part each : new CustomerSplit(reads, currency).of(invoiced, costs)) {
      MarginAmounts amounts =
          MarginAmounts.of(currency, each.price().amount(), each.cost(), each.isKnown());
      all = all.plus(amounts);
      sums.merge(currency, amounts, MarginAmounts::plus);
      lines.merge(List.of(each.plan(), each.charge(), currency), amounts, MarginAmounts::plus);
      models.merge(
          List.of(each.module(), each.model(), currency),
          new ModelMargin(each.module(), each.model(), each.usage(), amounts),
          MarginSums::plus);
      if (!each.isKnown()) {
        addUnknown(each, currency, costs);
      }
    }
    customers.add(new CustomerMargin(customer.id(), from, to, all));
  }

  private void addUnknown(Part part, String currency, List<ModelCost> costs) {
    boolean isPriced =
        costs.stream()
            .anyMatch(
                each ->
                    each.module().equals(part.module())
                        && each.model().equals(part.model())
                        && each.cost() != null);
    String reason =
        isPriced ? "the price is in " + currency + ", the cost is not" : "it has no cost";
    unknown.merge(
        List.of(part.module(), part.model(), reason),
        new UnknownCost(part.module(), part.model(), part.usage(), reason),
        (one, other) ->
            new UnknownCost(
                one.module(), one.model(), one.usage().add(other.usage()), one.reason()));
  }

  private static ModelMargin plus(ModelMargin one, ModelMargin other) {
    return new ModelMargin(
        one.module(),
        one.model(),
        one.usage().add(other.usage()),
        one.amounts().plus(other.amounts()));
  }

  MarginReport report(YearMonth month) {
    return new MarginReport(
        month.toString(),
        List.copyOf(sums.values()),
        customers,
        lines.entrySet().stream()
            .map(
                each -> new LineMargin(each.getKey().get(0), each.getKey().get(1), each.getValue()))
            .toList(),
        List.copyOf(models.values()),
        List.copyOf(unknown.values()));
  }
}
