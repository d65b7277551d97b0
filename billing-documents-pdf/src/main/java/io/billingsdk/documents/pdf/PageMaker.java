package io.billingsdk.documents.pdf;

import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.InvoiceDocument.AccountingTax;
import io.billingsdk.documents.InvoiceDocument.Days;
import io.billingsdk.documents.InvoiceDocument.DocumentLine;
import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxPart;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxRate;
import io.billingsdk.documents.InvoiceDocument.DocumentTotals;
import io.billingsdk.documents.InvoiceDocument.PaperKind;
import io.billingsdk.documents.TaxCategory;
import io.billingsdk.documents.pdf.PaperPage.Fact;
import io.billingsdk.documents.pdf.PaperPage.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says an invoice or credit note in a language. */
final class PageMaker {
  private final InvoiceDocument document;
  private final PaperLanguage language;
  private final PageParts parts;
  private final PaperTexts texts;

  PageMaker(InvoiceDocument document, PaperTemplate template, PaperLanguage language) {
    this.document = document;
    this.language = language;
    this.parts = new PageParts(template, language, document.currency());
    this.texts = parts.texts();
  }

  PaperPage page() {
    boolean isInvoice = document.kind() == PaperKind.INVOICE;
    return new PaperPage(
        language.tag(),
        texts.get(isInvoice ? "invoice" : "credit_note") + " " + document.number(),
        parts.logo(),
        texts.get("intro"),
        parts.seller(document.seller()),
        parts.customer(document.customer()),
        facts(),
        parts.texts("item", "quantity", "price", "tax_rate", "net"),
        document.lines().stream().map(this::row).toList(),
        totals(),
        parts.texts("category", "base", "tax"),
        document.taxes().stream().flatMap(this::taxes).toList(),
        notes(),
        texts.get("footer"));
  }

  private List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    facts.add(fact("number", document.number()));
    facts.add(fact("issued", language.date(document.issued())));
    if (document.kind() == PaperKind.INVOICE) {
      facts.add(
          fact(
              "due",
              document.due() == null ? texts.get("on_receipt") : language.date(document.due())));
    }
    if (document.period() != null) {
      facts.add(fact("period", days(document.period())));
    }
    facts.add(fact("customer_id", document.customer().id()));
    if (document.corrects() != null) {
      String number = document.corrects().number();
      String date = language.date(document.corrects().issued());
      facts.add(fact("corrects", number + ", " + texts.get("of_date") + " " + date));
    }
    return facts;
  }

  private Row row(DocumentLine line) {
    String used = line.used() == null ? "" : " · " + texts.get("used") + " " + used(line.used());
    return new Row(
        line.name(),
        days(line.days()) + used,
        List.of(
            language.number(line.quantity()),
            language.number(line.price()),
            rate(line.tax()),
            language.number(line.net())));
  }

  /** Quantities may be fractions, which stay as they are. */
  private String used(String quantity) {
    return quantity.indexOf('/') < 0 ? language.number(new BigDecimal(quantity)) : quantity;
  }

  private String rate(DocumentTaxRate rate) {
    return rate.category() == TaxCategory.O ? "–" : percent(rate.percent());
  }

  private String percent(BigDecimal percent) {
    return language.number(percent) + " %";
  }

  private List<Fact> totals() {
    DocumentTotals totals = document.totals();
    List<Fact> facts = new ArrayList<>();
    facts.add(fact("sum_net", amount(totals.net())));
    if (totals.discount().signum() != 0) {
      String names =
          document.allowances().stream()
              .map(each -> each.reason())
              .distinct()
              .collect(Collectors.joining(", "));
      String name = texts.get("discount") + (names.isEmpty() ? "" : " (" + names + ")");
      facts.add(new Fact(name, amount(totals.discount().negate())));
      facts.add(fact("taxable", amount(totals.taxable())));
    }
    facts.add(fact("tax", amount(totals.tax())));
    facts.add(fact("total", amount(totals.total())));
    if (totals.prepaid().signum() != 0) {
      facts.add(fact("prepaid", amount(totals.prepaid().negate())));
    }
    boolean isInvoice = document.kind() == PaperKind.INVOICE;
    facts.add(fact(isInvoice ? "due_amount" : "credit_amount", amount(totals.due())));
    return facts;
  }

  /** A row for each part of a tax: the whole of it would count twice beside them. */
  private Stream<List<String>> taxes(DocumentTax tax) {
    DocumentTaxRate rate = tax.rate();
    String name =
        rate.category() == TaxCategory.O
            ? texts.get("outside_tax")
            : rate.category() + " " + percent(rate.percent());
    return tax.parts().isEmpty()
        ? Stream.of(taxRow(name, tax.base(), tax.tax()))
        : tax.parts().stream().map(part -> taxRow(name(part, name), part.base(), part.tax()));
  }

  private String name(DocumentTaxPart part, String whole) {
    return part.name() == null ? whole : part.name() + " " + percent(part.percent());
  }

  private List<String> taxRow(String name, BigDecimal base, BigDecimal tax) {
    return List.of(name, language.number(base), language.number(tax));
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (DocumentTax tax : document.taxes()) {
      Optional.ofNullable(tax.rate().reason()).ifPresent(notes::add);
    }
    AccountingTax accounting = document.accounting();
    if (accounting != null) {
      notes.add(
          texts.get("accounting_tax")
              + ": "
              + language.number(accounting.tax())
              + " "
              + accounting.currency());
      if (accounting.rate() != null) {
        notes.add(exchange(accounting, accounting.rate()));
      }
    }
    return notes;
  }

  private String exchange(AccountingTax accounting, BigDecimal rate) {
    StringBuilder note = new StringBuilder(texts.get("exchange"));
    String base = accounting.base() == null ? document.currency() : accounting.base();
    String quote = accounting.quote() == null ? accounting.currency() : accounting.quote();
    note.append(": 1 ").append(base).append(" = ");
    note.append(language.number(rate)).append(' ').append(quote);
    Optional.ofNullable(accounting.source()).ifPresent(source -> note.append(", ").append(source));
    Optional.ofNullable(accounting.date())
        .ifPresent(date -> note.append(", ").append(language.date(date)));
    return note.toString();
  }

  private String days(Days days) {
    return language.date(days.from()) + " – " + language.date(days.to());
  }

  private String amount(BigDecimal amount) {
    return parts.amount(amount);
  }

  private Fact fact(String key, String value) {
    return parts.fact(key, value);
  }
}
