package io.billingsdk.documents;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An issued invoice or credit note, as documents show it. Immutable; amounts are in units of the
 * currency, with its decimals.
 *
 * @param locale of the customer, a BCP 47 tag
 * @param template the name of the template that its settings ask for; null for none
 * @param due null where it is due at once
 * @param corrects the invoice that a credit note corrects; null for an invoice
 * @param period null if no line has a time
 * @param accounting the tax in the seller's currency; null if the document is in it
 */
public record InvoiceDocument(
    PaperKind kind,
    String number,
    LocalDate issued,
    @Nullable LocalDate due,
    String currency,
    String locale,
    @Nullable String template,
    DocumentParty seller,
    DocumentParty customer,
    @Nullable Preceding corrects,
    @Nullable Days period,
    List<DocumentLine> lines,
    List<DocumentAllowance> allowances,
    List<DocumentTax> taxes,
    DocumentTotals totals,
    @Nullable AccountingTax accounting) {
  /** Copies the lists. */
  public InvoiceDocument {
    lines = List.copyOf(lines);
    allowances = List.copyOf(allowances);
    taxes = List.copyOf(taxes);
  }

  /** What a document is. */
  public enum PaperKind {
    /** Type 380. */
    INVOICE("380"),
    /** Type 381. Its amounts are above 0, and given back. */
    CREDIT_NOTE("381");

    private final String code;

    PaperKind(String code) {
      this.code = code;
    }

    /** Of UNTDID 1001. */
    String code() {
      return code;
    }
  }

  /**
   * Who sells or pays.
   *
   * @param country code with two letters; null while it is not known
   */
  public record DocumentParty(
      String id,
      String name,
      List<String> lines,
      @Nullable String city,
      @Nullable String postalCode,
      @Nullable String region,
      @Nullable String country,
      List<PartyTaxId> taxIds) {
    /** Copies the lists. */
    public DocumentParty {
      lines = List.copyOf(lines);
      taxIds = List.copyOf(taxIds);
    }
  }

  /** A number by which an office knows a party, such as {@code eu_vat}. */
  public record PartyTaxId(String type, String value) {}

  /** An invoice that a credit note corrects. */
  public record Preceding(String number, LocalDate issued) {}

  /** Whole days, both inclusive. */
  public record Days(LocalDate from, LocalDate to) {
    /** The shortest time that has both. */
    Days with(Days other) {
      return new Days(
          from.isBefore(other.from) ? from : other.from, to.isAfter(other.to) ? to : other.to);
    }
  }

  /**
   * A tax without amounts.
   *
   * @param percent 0 for all but {@link TaxCategory#S}
   * @param reasonCode of the list VATEX; null for none
   * @param reason why there is no tax; null where none is needed
   */
  public record DocumentTaxRate(
      TaxCategory category,
      BigDecimal percent,
      @Nullable String reasonCode,
      @Nullable String reason) {
    /** Whether amounts of both are in one sum. */
    boolean isSameGroup(DocumentTaxRate other) {
      return category == other.category && percent.compareTo(other.percent) == 0;
    }
  }

  /**
   * A line.
   *
   * @param quantity how many at {@code price}; their product is the net amount
   * @param used the quantity that was used, where no single price explains the amount; null for
   *     none
   * @param net below 0 for a credit on an invoice
   */
  public record DocumentLine(
      String name,
      Days days,
      BigDecimal quantity,
      BigDecimal price,
      @Nullable String used,
      BigDecimal net,
      DocumentTaxRate tax) {}

  /** A discount on the whole document, by tax. */
  public record DocumentAllowance(String reason, BigDecimal amount, DocumentTaxRate tax) {}

  /**
   * The tax of all lines with a category and a rate.
   *
   * @param tax the sum of the parts, if there are any
   * @param parts the named taxes that it consists of; none for one tax without a name
   */
  public record DocumentTax(
      DocumentTaxRate rate, BigDecimal base, BigDecimal tax, List<DocumentTaxPart> parts) {
    /** Copies the list. */
    public DocumentTax {
      parts = List.copyOf(parts);
    }

    /** Both as one; EN 16931 has one tax for a category and a rate. */
    DocumentTax with(DocumentTax other) {
      boolean isPlain = parts.isEmpty() && other.parts.isEmpty();
      return new DocumentTax(
          rate,
          base.add(other.base),
          tax.add(other.tax),
          isPlain
              ? List.of()
              : Stream.of(this, other).flatMap(each -> each.named().stream()).toList());
    }

    private List<DocumentTaxPart> named() {
      return parts.isEmpty()
          ? List.of(new DocumentTaxPart(null, rate.percent(), base, tax))
          : parts;
    }
  }

  /**
   * A part of a tax, such as the GST of Canada.
   *
   * @param name null for a tax without a name, beside others of the same rate
   * @param base what it is on: the net amount, and never another part
   */
  public record DocumentTaxPart(
      @Nullable String name, BigDecimal percent, BigDecimal base, BigDecimal tax) {}

  /** The sums. */
  public record DocumentTotals(
      BigDecimal net,
      BigDecimal discount,
      BigDecimal taxable,
      BigDecimal tax,
      BigDecimal total,
      BigDecimal prepaid,
      BigDecimal due) {}

  /**
   * The tax in the currency in which the seller keeps its accounts.
   *
   * @param base the currency whose unit is worth the rate; null for the currency of the document
   * @param quote the currency of the rate; null for the accounting currency
   * @param rate units of the quote for one of the base; null if it is not stored
   * @param source of the rate; null if it is not stored
   */
  public record AccountingTax(
      String currency,
      BigDecimal tax,
      @Nullable String base,
      @Nullable String quote,
      @Nullable BigDecimal rate,
      @Nullable String source,
      @Nullable LocalDate date) {}
}
