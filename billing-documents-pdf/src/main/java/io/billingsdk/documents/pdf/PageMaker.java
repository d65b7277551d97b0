package io.billingsdk.documents.pdf;

import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.InvoiceDocument.AccountingTax;
import io.billingsdk.documents.InvoiceDocument.Days;
import io.billingsdk.documents.InvoiceDocument.DocumentLine;
import io.billingsdk.documents.InvoiceDocument.DocumentParty;
import io.billingsdk.documents.InvoiceDocument.DocumentTax;
import io.billingsdk.documents.InvoiceDocument.DocumentTaxRate;
import io.billingsdk.documents.InvoiceDocument.DocumentTotals;
import io.billingsdk.documents.InvoiceDocument.PaperKind;
import io.billingsdk.documents.InvoiceDocument.PartyTaxId;
import io.billingsdk.documents.TaxCategory;
import io.billingsdk.documents.pdf.PaperPage.Fact;
import io.billingsdk.documents.pdf.PaperPage.PartyBlock;
import io.billingsdk.documents.pdf.PaperPage.Row;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says a document in a language. */
final class PageMaker {
  private final InvoiceDocument document;
  private final PaperTemplate template;
  private final PaperLanguage language;
  private final PaperTexts texts;

  PageMaker(InvoiceDocument document, PaperTemplate template, PaperLanguage language) {
    this.document = document;
    this.template = template;
    this.language = language;
    this.texts = new PaperTexts(language, template.texts(language));
  }

  /** The invoice or credit note itself. */
  PaperPage paper() {
    boolean isInvoice = document.kind() == PaperKind.INVOICE;
    return page(
        texts.get(isInvoice ? "invoice" : "credit_note"),
        texts.get("intro"),
        facts(),
        document.lines().stream().map(this::row).toList(),
        totals(),
        document.taxes().stream().map(this::tax).toList(),
        notes());
  }

  /** A page about the invoice. */
  PaperPage notice(PaperNotice notice) {
    List<Fact> facts = new ArrayList<>(List.of(fact("invoice", document.number())));
    if (notice instanceof PaperNotice.Reminder reminder) {
      facts.add(fact("reminded_on", language.date(reminder.on())));
      facts.add(fact("level", Integer.toString(reminder.level())));
      facts.addAll(facts().subList(1, facts().size()));
      Fact open = fact("open", amount(reminder.open()));
      return page(texts.get("reminder"), texts.get("reminder_intro"), facts, open);
    }
    PaperNotice.Receipt receipt = (PaperNotice.Receipt) notice;
    facts.add(fact("paid_on", language.date(receipt.on())));
    facts.add(fact("paid_by", receipt.by()));
    Fact paid = fact("paid", amount(receipt.amount()));
    return page(texts.get("receipt"), texts.get("receipt_intro"), facts, paid);
  }

  private PaperPage page(String title, String intro, List<Fact> facts, Fact sum) {
    return page(title, intro, facts, List.of(), List.of(sum), List.of(), List.of());
  }

  private PaperPage page(
      String title,
      String intro,
      List<Fact> facts,
      List<Row> rows,
      List<Fact> totals,
      List<List<String>> taxes,
      List<String> notes) {
    return new PaperPage(
        language.tag(),
        title + " " + document.number(),
        template.logo().map(PageMaker::uri).orElse(null),
        intro,
        party(document.seller(), texts.get("seller_tax_id")),
        party(document.customer(), texts.get("customer_tax_id")),
        facts,
        texts("item", "quantity", "price", "tax_rate", "net"),
        rows,
        totals,
        texts("category", "base", "tax"),
        taxes,
        notes,
        texts.get("footer"));
  }

  static String uri(byte[] logo) {
    String type = logo[0] == (byte) 0x89 ? "png" : "jpeg";
    return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(logo);
  }

  private List<String> texts(String... keys) {
    return List.of(keys).stream().map(texts::get).toList();
  }

  private PartyBlock party(DocumentParty party, String taxIdName) {
    List<@Nullable String> lines = new ArrayList<>(party.lines());
    String city =
        Optional.ofNullable(party.postalCode()).map(code -> code + " ").orElse("")
            + Optional.ofNullable(party.city()).orElse("");
    lines.add(city);
    lines.add(party.region());
    lines.add(party.country());
    for (PartyTaxId id : party.taxIds()) {
      lines.add(taxIdName + ": " + id.value());
    }
    return new PartyBlock(
        party.name(),
        lines.stream()
            .flatMap(line -> Optional.ofNullable(line).stream())
            .filter(line -> !line.isBlank())
            .toList());
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
    return rate.category() == TaxCategory.O ? "–" : percent(rate);
  }

  private String percent(DocumentTaxRate rate) {
    return language.number(rate.percent()) + " %";
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

  private List<String> tax(DocumentTax tax) {
    DocumentTaxRate rate = tax.rate();
    String name =
        rate.category() == TaxCategory.O
            ? texts.get("outside_tax")
            : rate.category() + " " + percent(rate);
    return List.of(name, language.number(tax.base()), language.number(tax.tax()));
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
    return language.number(amount) + " " + document.currency();
  }

  private Fact fact(String key, String value) {
    return new Fact(texts.get(key), value);
  }
}
