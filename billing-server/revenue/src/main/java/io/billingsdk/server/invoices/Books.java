package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Allowance;
import io.billingsdk.rating.CreditableInvoice;
import io.billingsdk.rating.InvoiceLine;
import io.billingsdk.rating.InvoiceTotals;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.credits.CreditState;
import io.billingsdk.server.invoices.Bill.Line;
import io.billingsdk.server.invoices.Bill.Reference;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a bill stands on beside the ledger: earlier invoices, and the taxes. */
interface Books {
  /** Spans that were billed, and whose usage may have changed since. */
  List<Span> earlier();

  /**
   * The lines of a key on earlier invoices, the latest first; empty if nothing is to be done for
   * the key.
   */
  Optional<List<Invoiced>> invoiced(LineKey key);

  /** An earlier invoice that is credited in part. */
  Original original(String number);

  /** The keys of usage of this span that was invoiced before the end of its period. */
  default List<LineKey> progressed(Span span) {
    return List.of();
  }

  /** The coupons and credits that the invoice may use. */
  default CreditState credits() {
    return CreditState.NONE;
  }

  /**
   * The day on which the bill is issued, in the zone of the seller; null for a draft, and in pins
   * of earlier versions, whose fees have the day on which they were due as their tax point.
   */
  default @Nullable LocalDate issued() {
    return null;
  }

  /** The tax of a day. */
  TaxRate tax(LocalDate day);

  /** Why it is that one; null if no rule was asked. */
  default @Nullable TaxGrounds grounds(LocalDate day) {
    return null;
  }

  /**
   * A line of an invoice.
   *
   * @param line its number there, from 1
   * @param left its amount less the credit notes for it
   * @param settled its amount less the credit notes that usage and time brought: those of an
   *     operator are no reason to bill the usage again
   */
  record Invoiced(String number, int line, Money left, Money settled) {
    /** One that no operator has credited. */
    Invoiced(String number, int line, Money left) {
      this(number, line, left, left);
    }
  }

  /**
   * An invoice, as far as credit notes depend on it.
   *
   * @param discounts the part of the invoice's discount on each line
   * @param credited the sum of the credit notes for each line
   * @param tax what a credit note takes over
   * @param seller as the invoice shows it, also after the customer has another one; null in pins of
   *     earlier versions
   */
  record Original(
      String number,
      LocalDate issued,
      List<InvoiceLine> lines,
      List<Money> discounts,
      List<Money> credited,
      TaxOfOriginal tax,
      @Nullable ObjectNode seller) {
    /** Copies the lists. */
    public Original {
      lines = List.copyOf(lines);
      discounts = List.copyOf(discounts);
      credited = List.copyOf(credited);
    }

    Money zero() {
      return Money.zero(lines.get(0).net().currency());
    }

    /** What lines of a credit note take of each line. */
    List<Money> nets(List<Line> credits) {
      List<Money> nets = new ArrayList<>(Collections.nCopies(lines.size(), zero()));
      for (Line credit : credits) {
        nets.set(place(credit), nets.get(place(credit)).plus(credit.net()));
      }
      return nets;
    }

    /** The place of the line that a line of a credit note refers to, from 0. */
    static int place(Line line) {
      @Nullable Reference refers = line.refers();
      if (refers == null) {
        throw new IllegalStateException("a line of a credit note refers to no invoice: " + line);
      }
      return refers.line() - 1;
    }

    CreditableInvoice creditable() {
      Money zero = Money.zero(lines.get(0).net().currency());
      Allowance allowance = new Allowance(discounts.stream().reduce(zero, Money::plus), discounts);
      InvoiceTotals totals = InvoiceTotals.of(lines, List.of(allowance), Optional.empty());
      return CreditableInvoice.of(lines, totals).credit(credited).after();
    }
  }
}
