package io.billingsdk.server.invoices;

import io.billingsdk.rating.Money;
import io.billingsdk.server.invoices.Bill.BillLineKind;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Reference;
import io.billingsdk.server.invoices.Books.Invoiced;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What earlier invoices have too much, line by line, as one bill finds it. It remembers what it has
 * taken from each line, so that two reductions never take the same amount. For one thread.
 */
final class Reductions {
  private final Money zero;
  private final Map<Reference, Money> taken = new HashMap<>();
  private final Map<String, List<Line>> byInvoice = new LinkedHashMap<>();

  Reductions(Money zero) {
    this.zero = zero;
  }

  /** What can still be taken from these lines. */
  Money left(List<Invoiced> entries) {
    return entries.stream().map(this::left).reduce(zero, Money::plus);
  }

  private Money left(Invoiced entry) {
    return entry.left().minus(taken.getOrDefault(reference(entry), zero)).max(zero);
  }

  /**
   * Takes an amount from these lines, from the first one first.
   *
   * @throws IllegalStateException when they have less than that
   */
  void add(Line line, Money amount, List<Invoiced> entries) {
    Money open = amount;
    for (Invoiced entry : entries) {
      Money part = open.min(left(entry));
      if (part.signum() > 0) {
        byInvoice
            .computeIfAbsent(entry.number(), none -> new ArrayList<>())
            .add(reduced(line, part, reference(entry)));
        taken.merge(reference(entry), part, Money::plus);
        open = open.minus(part);
      }
    }
    if (open.signum() != 0) {
      throw new IllegalStateException(
          "no invoice has the " + open + " that are to be credited for " + line.key());
    }
  }

  /** The lines of credit notes, by the number of the invoice that each corrects. */
  Map<String, List<Line>> byInvoice() {
    return byInvoice;
  }

  private static Reference reference(Invoiced entry) {
    return new Reference(entry.number(), entry.line());
  }

  private static Line reduced(Line line, Money net, Reference refers) {
    return new Line(
        BillLineKind.REDUCTION,
        line.key(),
        line.plan(),
        line.version(),
        line.charge(),
        line.name(),
        line.from(),
        line.to(),
        line.share(),
        line.detail(),
        net,
        net.minus(net),
        line.tax(),
        refers,
        line.grounds());
  }
}
