package io.billingsdk.documents.pdf;

import io.billingsdk.documents.NoticeDocument;
import io.billingsdk.documents.NoticeDocument.NoticeHead;
import io.billingsdk.documents.NoticeDocument.Receipt;
import io.billingsdk.documents.NoticeDocument.Reminder;
import io.billingsdk.documents.NoticeDocument.SettledInvoice;
import io.billingsdk.documents.pdf.PaperPage.Fact;
import io.billingsdk.documents.pdf.PaperPage.Row;
import java.util.ArrayList;
import java.util.List;

/** Says a reminder or a receipt in a language. */
final class NoticePage {
  private final NoticeHead head;
  private final PaperLanguage language;
  private final PageParts parts;

  private NoticePage(NoticeHead head, PaperTemplate template, PaperLanguage language) {
    this.head = head;
    this.language = language;
    this.parts = new PageParts(template, language, head.currency());
  }

  static PaperPage of(NoticeDocument notice, PaperTemplate template, PaperLanguage language) {
    NoticePage page = new NoticePage(notice.head(), template, language);
    return notice instanceof Reminder reminder
        ? page.reminder(reminder)
        : page.receipt((Receipt) notice);
  }

  private PaperPage reminder(Reminder reminder) {
    List<Fact> facts = new ArrayList<>();
    facts.add(parts.fact("invoice", head.number()));
    facts.add(parts.fact("issued", language.date(reminder.issued())));
    facts.add(parts.fact("due", language.date(reminder.due())));
    facts.add(parts.fact("reminded_on", language.date(head.on())));
    addCommon(facts);
    boolean isLate = head.on().isAfter(reminder.due());
    return page(
        "reminder",
        isLate ? "reminder_intro" : "reminder_early_intro",
        facts,
        List.of(),
        List.of(parts.fact("open", parts.amount(reminder.open()))));
  }

  private PaperPage receipt(Receipt receipt) {
    List<Fact> facts = new ArrayList<>();
    facts.add(parts.fact("number", head.number()));
    facts.add(parts.fact("paid_on", language.date(head.on())));
    String method = parts.texts().find("paid_by_" + receipt.method()).orElse(receipt.method());
    facts.add(parts.fact("paid_by", method));
    addCommon(facts);
    List<Fact> sums = new ArrayList<>();
    if (receipt.kept().signum() != 0) {
      sums.add(parts.fact("kept", parts.amount(receipt.kept())));
    }
    sums.add(parts.fact("paid", parts.amount(receipt.amount())));
    List<Row> rows = receipt.settled().stream().map(this::row).toList();
    return page("receipt", "receipt_intro", facts, rows, sums);
  }

  private void addCommon(List<Fact> facts) {
    facts.add(parts.fact("customer_id", head.customer().id()));
    String reference = head.reference();
    if (reference != null) {
      facts.add(parts.fact("reference", reference));
    }
  }

  private Row row(SettledInvoice settled) {
    return new Row(settled.number(), "", List.of(parts.amount(settled.amount())));
  }

  private PaperPage page(
      String title, String intro, List<Fact> facts, List<Row> rows, List<Fact> sums) {
    return new PaperPage(
        language.tag(),
        parts.texts().get(title) + " " + head.number(),
        parts.logo(),
        parts.texts().get(intro),
        parts.seller(head.seller()),
        parts.customer(head.customer()),
        facts,
        parts.texts("invoice", "paid_part"),
        rows,
        sums,
        List.of(),
        List.of(),
        List.of(),
        parts.texts().get("footer"));
  }
}
