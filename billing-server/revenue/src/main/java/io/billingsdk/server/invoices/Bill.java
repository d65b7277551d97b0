package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.Fraction;
import io.billingsdk.rating.InvoiceTotals.TaxGroup;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.invoices.Books.Original;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a span brings: an invoice, if there is anything to pay, and credit notes for what earlier
 * invoices have too much. Immutable.
 *
 * @param outside a second invoice with the lines outside of the scope of a tax, if the first one
 *     has taxed lines: they must not be on one document
 * @param used the keys with too little or too much on earlier invoices
 * @param uninvoiced credits that no invoice can take: they become account credit
 */
record Bill(
    Optional<Paper> invoice,
    Optional<Paper> outside,
    List<Paper> creditNotes,
    List<LineKey> used,
    List<Uninvoiced> uninvoiced) {
  /** Copies the lists. */
  public Bill {
    creditNotes = List.copyOf(creditNotes);
    used = List.copyOf(used);
    uninvoiced = List.copyOf(uninvoiced);
  }

  /**
   * The unused rest of a fee that is on no invoice.
   *
   * @param gross with the tax of its line
   */
  record Uninvoiced(LineKey key, String name, Money gross) {}

  /** What a line is. */
  enum BillLineKind {
    /** Usage of the span. */
    USAGE,
    /** The rest of a commitment that usage did not reach. */
    TRUE_UP,
    /** A fee for time to come. */
    ADVANCE,
    /** A fee for time that has passed. */
    ARREARS,
    /** The unused rest of a fee. */
    CREDIT,
    /** Usage of an earlier span that came late, or was corrected. */
    DELTA,
    /** Usage of a running period, which has reached an amount that its plan names. */
    PROGRESS,
    /** The same on the invoice of the whole period, which has all usage. */
    PROGRESS_CREDIT,
    /** Of a credit note: what an earlier invoice has too much. */
    REDUCTION,
    /** Of a credit note of an operator, or a void document: usage is not billed again for it. */
    CORRECTION;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A line.
   *
   * @param share of the full period; null where it is of no period
   * @param detail how a computed amount came about; null for a fee
   * @param net without tax; on a credit note what is given back
   * @param discount the part of the document's discount on it
   * @param refers the line of an earlier invoice; null on an invoice
   * @param grounds why the line has its tax; null if no rule was asked
   */
  record Line(
      BillLineKind kind,
      LineKey key,
      String plan,
      int version,
      String charge,
      String name,
      Instant from,
      Instant to,
      @Nullable Fraction share,
      @Nullable ObjectNode detail,
      Money net,
      Money discount,
      TaxRate tax,
      @Nullable Reference refers,
      @Nullable TaxGrounds grounds) {
    Line withDiscount(Money other) {
      return new Line(
          kind, key, plan, version, charge, name, from, to, share, detail, net, other, tax, refers,
          grounds);
    }

    Line withTax(TaxRate other, @Nullable TaxGrounds why) {
      return new Line(
          kind, key, plan, version, charge, name, from, to, share, detail, net, discount, other,
          refers, why);
    }

    Line withNet(Money other) {
      return new Line(
          kind, key, plan, version, charge, name, from, to, share, detail, other, discount, tax,
          refers, grounds);
    }
  }

  /** A line of an earlier invoice. */
  record Reference(String number, int line) {}

  /** The sums of a document. */
  record BillSums(
      Money net,
      Money discount,
      Money taxable,
      List<TaxGroup> groups,
      Money tax,
      Money total,
      Money prepaid,
      Money due) {}

  /**
   * A document without its number.
   *
   * @param original the invoice that a credit note corrects; null for an invoice
   * @param deductions what coupons and credits did
   * @param order what an operator asked for; null for what time and usage brought
   */
  record Paper(
      List<Line> lines,
      BillSums sums,
      @Nullable Original original,
      Deductions deductions,
      @Nullable CorrectionOrder order) {
    /** Copies the list. */
    public Paper {
      lines = List.copyOf(lines);
    }

    /** One without coupons, credits and an order. */
    Paper(List<Line> lines, BillSums sums, @Nullable Original original) {
      this(lines, sums, original, Deductions.NONE, null);
    }

    String kind() {
      if (original == null) {
        return "invoice";
      }
      return order != null && order.isVoid() ? "void" : "credit_note";
    }
  }

  /** The invoices, in the order of their numbers. */
  List<Paper> invoices() {
    return Stream.concat(invoice.stream(), outside.stream()).toList();
  }

  /**
   * What an operator asked for.
   *
   * @param isVoid the whole invoice; otherwise parts of its lines
   * @param reason why, in words
   */
  record CorrectionOrder(boolean isVoid, String reason) {}

  /** Whether there is nothing to issue. */
  boolean isEmpty() {
    return invoice.isEmpty() && creditNotes.isEmpty();
  }
}
