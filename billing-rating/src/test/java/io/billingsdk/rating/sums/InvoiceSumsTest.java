package io.billingsdk.rating.sums;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Allowance;
import io.billingsdk.rating.CreditableInvoice;
import io.billingsdk.rating.CreditableInvoice.Credited;
import io.billingsdk.rating.CreditableInvoice.Note;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.RatingInputException;
import io.billingsdk.rating.sums.Oracle.Sums;
import io.billingsdk.testbed.Proof;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random invoices, each with a random sequence of credit notes: {@code -Dsums.seed} again. */
@Tag("simulation")
final class InvoiceSumsTest {
  private static final int INVOICES = Integer.getInteger("sums.invoices", 10_000);
  private static final long SEED = Long.getLong("sums.seed", new Random().nextInt());

  @Test
  void sums_ofRandomInvoices_areThoseOfTheOracle() {
    List<String> wrong = new ArrayList<>();
    long lines = 0;
    long notes = 0;
    long refused = 0;
    for (int run = 0; run < INVOICES; run++) {
      Random random = new Random(SEED * 1_000_003 + run);
      RandomInvoice invoice = new RandomInvoice(random);
      CreditRun credits = new CreditRun(invoice, random);
      wrong.addAll(differences(invoice, invoice.totals(invoice.lines())));
      wrong.addAll(credits.run());
      lines += invoice.rows.size();
      notes += credits.notes;
      refused += credits.refused;
    }
    Proof.of("invoice-sums")
        .with("invoices", INVOICES)
        .with("lines", lines)
        .with("credit_notes", notes)
        .with("refused", refused)
        .with("wrong", wrong.size())
        .with("seed", SEED)
        .print();
    assertThat(wrong.stream().limit(5)).as("of seed %s", SEED).isEmpty();
    assertThat(notes).isPositive();
    assertThat(refused).isPositive();
  }

  /** An oracle that agrees with anything would prove nothing. */
  @Test
  void differences_ofTotalsWithOneMinorUnitMore_areFound() {
    int missed = 0;
    for (int run = 0; run < 500; run++) {
      RandomInvoice invoice = new RandomInvoice(new Random(SEED + run));
      InvoiceTotals right = invoice.totals(invoice.lines());
      Money unit = invoice.money(BigInteger.ONE);
      for (InvoiceTotals planted : planted(right, unit)) {
        missed += differences(invoice, planted).isEmpty() ? 1 : 0;
      }
    }
    assertThat(missed).isZero();
  }

  private static List<InvoiceTotals> planted(InvoiceTotals right, Money unit) {
    TaxGroup first = right.groups().get(0);
    List<TaxGroup> groups = new ArrayList<>(right.groups());
    groups.set(0, new TaxGroup(first.rate(), first.base(), first.tax().plus(unit)));
    return List.of(
        with(right, groups, right.total(), right.due()),
        with(right, right.groups(), right.total().plus(unit), right.due()),
        with(right, right.groups(), right.total(), right.due().minus(unit)));
  }

  private static InvoiceTotals with(
      InvoiceTotals right, List<TaxGroup> groups, Money total, Money due) {
    return new InvoiceTotals(
        right.net(),
        right.discount(),
        right.discountParts(),
        right.taxable(),
        groups,
        right.tax(),
        total,
        right.prepaid(),
        due);
  }

  private static List<String> differences(RandomInvoice invoice, InvoiceTotals totals) {
    Sums expected = Oracle.sums(invoice.rows, invoice.offs, invoice.balance);
    List<InvoiceLine> lines = invoice.lines();
    List<String> wrong = new ArrayList<>();
    same(wrong, "nets", expected.nets(), units(lines, InvoiceLine::net));
    List<Allowance> allowances = invoice.allowances(lines);
    for (int i = 0; i < allowances.size(); i++) {
      List<BigInteger> parts = units(allowances.get(i).parts(), part -> part);
      same(wrong, "allowance " + i, expected.allowances().get(i), parts);
    }
    same(wrong, "discounts", expected.discounts(), units(totals.discountParts(), part -> part));
    List<BigInteger> bases = units(totals.groups(), TaxGroup::base);
    same(wrong, "bases", List.copyOf(expected.bases().values()), bases);
    List<BigInteger> taxes = units(totals.groups(), TaxGroup::tax);
    same(wrong, "taxes", List.copyOf(expected.taxes().values()), taxes);
    same(wrong, "net", Oracle.sum(expected.nets()), totals.net().minorUnits());
    same(wrong, "discount", Oracle.sum(expected.discounts()), totals.discount().minorUnits());
    same(wrong, "taxable", Oracle.sum(expected.bases().values()), totals.taxable().minorUnits());
    same(wrong, "tax", Oracle.sum(expected.taxes().values()), totals.tax().minorUnits());
    same(wrong, "total", expected.total(), totals.total().minorUnits());
    same(wrong, "due", expected.due(), totals.due().minorUnits());
    return wrong;
  }

  private static void same(List<String> wrong, String what, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      wrong.add(what + ": " + found + " instead of " + expected);
    }
  }

  private static <T> List<BigInteger> units(List<T> from, Function<T, Money> amount) {
    return from.stream().map(each -> amount.apply(each).minorUnits()).toList();
  }

  /** Credit notes of an invoice until nothing is left, and some above that. */
  private static final class CreditRun {
    private final RandomInvoice invoice;
    private final Random random;
    private final Sums whole;
    private final List<String> wrong = new ArrayList<>();
    private CreditableInvoice left;
    private BigInteger tax = BigInteger.ZERO;
    private BigInteger taxable = BigInteger.ZERO;
    private BigInteger total = BigInteger.ZERO;
    private int notes;
    private int refused;

    CreditRun(RandomInvoice invoice, Random random) {
      this.invoice = invoice;
      this.random = random;
      this.whole = Oracle.sums(invoice.rows, invoice.offs, invoice.balance);
      this.left = invoice.creditable();
    }

    List<String> run() {
      for (int i = random.nextInt(6); i > 0; i--) {
        tryToCredit(left.left().stream().map(this::part).toList());
      }
      refuseMore();
      // The rest at once: then nothing is missing, and nothing is too much.
      credit(left.left());
      same(wrong, "credited total", whole.total(), total);
      same(wrong, "credited tax", Oracle.sum(whole.taxes().values()), tax);
      same(wrong, "credited base", Oracle.sum(whole.bases().values()), taxable);
      return wrong;
    }

    private Money part(Money most) {
      BigInteger units = most.minorUnits();
      return switch (random.nextInt(4)) {
        case 0 -> invoice.money(BigInteger.ZERO);
        case 1 -> most;
        default ->
            invoice.money(
                new BigInteger(units.bitLength() + 8, random)
                    .mod(units.abs().add(BigInteger.ONE))
                    .multiply(BigInteger.valueOf(units.signum())));
      };
    }

    private void tryToCredit(List<Money> nets) {
      try {
        credit(nets);
      } catch (RatingInputException above) {
        refused++;
        if (invoice.rows.stream().noneMatch(Oracle.Row::isCredit)) {
          wrong.add("refused without need: " + above.getMessage());
        }
      }
    }

    private void credit(List<Money> nets) {
      Credited credited = left.credit(nets);
      left = credited.after();
      Note note = credited.note();
      notes++;
      tax = tax.add(note.tax().minorUnits());
      taxable = taxable.add(note.taxable().minorUnits());
      total = total.add(note.total().minorUnits());
      same(wrong, "total of a note", note.taxable().plus(note.tax()), note.total());
      within("credited tax", tax, Oracle.sum(whole.taxes().values()));
      within("credited total", total, whole.total());
    }

    /** Where all taxes have one sign; with two, a part may be more than the difference. */
    private void within(String what, BigInteger sum, BigInteger most) {
      boolean oneSign = whole.bases().values().stream().noneMatch(base -> base.signum() < 0);
      if (oneSign && (sum.compareTo(most) > 0 || sum.signum() < 0)) {
        wrong.add(what + " " + sum + " of " + most);
      }
    }

    private void refuseMore() {
      List<Money> more = new ArrayList<>(left.left());
      int place = random.nextInt(more.size());
      Money unit = invoice.money(BigInteger.ONE);
      more.set(
          place,
          more.get(place).signum() < 0 ? more.get(place).minus(unit) : more.get(place).plus(unit));
      try {
        var unused = left.credit(more);
        wrong.add("credited above line " + place);
      } catch (RatingInputException expected) {
        refused++;
      }
    }
  }
}
