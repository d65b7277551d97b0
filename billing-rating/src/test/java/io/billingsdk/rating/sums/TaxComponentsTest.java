package io.billingsdk.rating.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.rating.CreditableInvoice;
import io.billingsdk.rating.CreditableInvoice.Credited;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.TaxRate.Component;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Taxes that consist of named components: {@code -Dsums.seed} again. */
final class TaxComponentsTest {
  private static final int INVOICES = Integer.getInteger("sums.component_invoices", 300);
  private static final long SEED = Long.getLong("sums.seed", new Random().nextInt());
  private static final TaxRate GST_AND_PST =
      TaxRate.of("S", Component.of("GST", "5"), Component.of("PST", "7"));
  private static final List<TaxRate> RATES =
      List.of(
          GST_AND_PST,
          TaxRate.of("S", Component.of("IGST", "12")),
          TaxRate.of("S", "12"),
          TaxRate.of("S", Component.of("GST", "5"), Component.of("QST", "9.975")),
          TaxRate.of(
              "S",
              Component.of("a", "0.5"),
              Component.of("b", "1.25"),
              Component.of("c", "2.5"),
              Component.of("d", "6")));

  @Test
  void of_components_isTheirSum_andEachIsRoundedByItself() {
    assertThat(GST_AND_PST.percent()).isEqualByComparingTo("12");
    InvoiceTotals totals = totals("100.00");
    assertThat(totals.groups().get(0).parts()).hasToString("[5.00 CAD, 7.00 CAD]");
    assertThat(totals.tax()).hasToString("12.00 CAD");
    // 0.005 and 0.007: each is a cent, though 12 per cent of 0.10 are one cent.
    assertThat(totals("0.10").tax()).hasToString("0.02 CAD");
    assertThat(TaxRate.of("S", "12").on(Money.parse("0.10 CAD"))).hasToString("0.01 CAD");
  }

  private static InvoiceTotals totals(String net) {
    return InvoiceTotals.of(List.of(InvoiceLine.of(Money.parse(net + " CAD"), GST_AND_PST)));
  }

  @Test
  void creditNotes_overComponents_addUpToTheInvoiceExactly() {
    int notes = 0;
    List<String> wrong = new ArrayList<>();
    for (int run = 0; run < INVOICES; run++) {
      Random random = new Random(SEED * 1_000_003 + run);
      List<InvoiceLine> lines = lines(random);
      Optional<Discount> discount =
          random.nextBoolean() ? Optional.of(Discount.percent("13.7")) : Optional.empty();
      InvoiceTotals totals = InvoiceTotals.of(lines, discount, Optional.empty());
      CreditableInvoice invoice = CreditableInvoice.of(lines, totals);
      Map<TaxRate, List<Money>> left = new LinkedHashMap<>();
      totals.groups().forEach(group -> left.put(group.rate(), group.parts()));
      for (int i = 0; i < 5; i++) {
        Credited credited = invoice.credit(i == 4 ? invoice.left() : some(invoice, random));
        credited.note().groups().forEach(group -> take(left, group, wrong));
        invoice = credited.after();
        notes++;
      }
      left.values().stream()
          .flatMap(List::stream)
          .filter(rest -> rest.signum() != 0)
          .forEach(rest -> wrong.add("left over: " + rest));
    }
    Proof.of("tax-components")
        .with("invoices", INVOICES)
        .with("credit_notes", notes)
        .with("wrong", wrong.size())
        .with("seed", SEED)
        .print();
    assertThat(wrong.stream().limit(5)).as("of seed %s", SEED).isEmpty();
  }

  private static List<InvoiceLine> lines(Random random) {
    List<InvoiceLine> lines = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(6); i++) {
      Money net = Money.of("CAD", BigDecimal.valueOf(random.nextInt(30_000), 2));
      lines.add(InvoiceLine.of(net, RATES.get(random.nextInt(RATES.size()))));
    }
    return lines;
  }

  /** A third of each line that is left, or a cent less. */
  private static List<Money> some(CreditableInvoice invoice, Random random) {
    return invoice.left().stream()
        .map(Money::minorUnits)
        .map(units -> units.longValueExact() / (2 + random.nextInt(3)))
        .map(units -> Money.of("CAD", BigDecimal.valueOf(units, 2)))
        .toList();
  }

  /** A component is never given back above the invoice. */
  private static void take(Map<TaxRate, List<Money>> left, TaxGroup group, List<String> wrong) {
    List<Money> before = left.getOrDefault(group.rate(), List.of());
    List<Money> after = new ArrayList<>();
    for (int i = 0; i < group.parts().size(); i++) {
      Money rest = before.get(i).minus(group.parts().get(i));
      if (rest.signum() < 0 || group.parts().get(i).signum() < 0) {
        wrong.add(group + " of " + before);
      }
      after.add(rest);
    }
    left.put(group.rate(), after);
  }

  @Test
  void of_wrongComponents_isRefusedByItsField() {
    refused("components", () -> rate("13", Component.of("GST", "5"), Component.of("PST", "7")));
    refused("components", () -> rate("10", Component.of("GST", "5"), Component.of("GST", "5")));
    Component[] five = new Component[5];
    for (int i = 0; i < five.length; i++) {
      five[i] = Component.of("T" + i, "1");
    }
    refused("components", () -> rate("5", five));
    refused("name", () -> Component.of("", "5"));
    refused("name", () -> Component.of("5", "5"));
    refused("name", () -> Component.of("A;B", "5"));
    refused("name", () -> Component.of("A" + "b".repeat(32), "5"));
    refused("percent", () -> Component.of("GST", "-5"));
    refused("percent", () -> Component.of("GST", "0"));
    Money tax = Money.parse("12.00 CAD");
    Money base = Money.parse("100.00 CAD");
    refused("parts", () -> new TaxGroup(GST_AND_PST, base, tax));
    refused("parts", () -> new TaxGroup(GST_AND_PST, base, tax, List.of(tax, tax)));
  }

  private static TaxRate rate(String percent, Component... components) {
    return new TaxRate("S", new BigDecimal(percent), List.of(components));
  }

  private static void refused(String field, Runnable made) {
    assertThatThrownBy(made::run)
        .isInstanceOfSatisfying(
            RatingInputException.class, each -> assertThat(each.field()).isEqualTo(field));
  }
}
