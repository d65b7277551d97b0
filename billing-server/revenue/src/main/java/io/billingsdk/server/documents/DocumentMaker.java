package io.billingsdk.server.documents;

import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.ElectronicInvoice;
import io.billingsdk.documents.InvoiceDocument;
import io.billingsdk.documents.InvoiceReader;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.IssuedPaper;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the documents of invoices, each in a transaction of its own: a fault of one stops that one
 * alone, and is noted with it. For one thread.
 */
final class DocumentMaker {
  /** Raised with each change of the bytes of XML. */
  private static final String XML = "billing-sdk documents 2";

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 6;

  private final Database database;
  private final PaperPress press;

  DocumentMaker(Database database, PaperPress press) {
    this.database = database;
    this.press = press;
  }

  /** Makes the documents of an invoice that are due. */
  void make(String number) {
    List<DocumentKind> kinds = database.read(handle -> DocumentRows.wanted(handle, number));
    Optional<IssuedPaper> paper = new IssuedDocuments(database).find(number);
    for (DocumentKind kind : kinds) {
      if (paper.isEmpty()) {
        failed(number, kind, "there is no invoice " + number, /* pause= */ null);
      } else {
        make(paper.get(), kind);
      }
    }
  }

  private void make(IssuedPaper paper, DocumentKind kind) {
    try {
      InvoiceDocument document = InvoiceReader.read(paper.document());
      byte[] bytes =
          switch (kind) {
            case CII -> ElectronicInvoice.cii(document);
            case UBL -> ElectronicInvoice.ubl(document);
            case PDF -> pdf(paper, document);
          };
      String renderer = kind == DocumentKind.PDF ? press.printer().version() : XML;
      database.useTransaction(
          handle -> {
            boolean isNew = DocumentRows.add(handle, paper.number(), kind, bytes, renderer);
            if (isNew && kind == DocumentKind.PDF) {
              StoredNotice.tell(handle, paper);
            }
          });
    } catch (DocumentException refused) {
      // The invoice never changes, so its XML stays impossible. Fonts and templates can change.
      boolean isFinal = kind != DocumentKind.PDF;
      failed(
          paper.number(),
          kind,
          String.valueOf(refused.getMessage()),
          isFinal ? null : pause(paper, kind));
    } catch (DatabaseException away) {
      throw away;
    } catch (RuntimeException fault) {
      failed(paper.number(), kind, "a fault of the server: " + fault, pause(paper, kind));
    }
  }

  private byte[] pdf(IssuedPaper paper, InvoiceDocument document) {
    return press
        .printer()
        .print(
            document,
            embedded(document),
            press.template(document.template(), paper.seller()),
            PaperLanguage.of(document.locale()));
  }

  /** A PDF without XML inside is better than no PDF. The fault of the XML is noted with the XML. */
  static Optional<byte[]> embedded(InvoiceDocument document) {
    try {
      return Optional.of(ElectronicInvoice.cii(document));
    } catch (DocumentException refused) {
      return Optional.empty();
    }
  }

  private Duration pause(IssuedPaper paper, DocumentKind kind) {
    int failures = database.read(handle -> DocumentRows.failures(handle, paper.number(), kind));
    return pause(failures);
  }

  /** Twice as long after each failure, up to an hour. */
  static Duration pause(int failures) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  private void failed(String number, DocumentKind kind, String reason, @Nullable Duration pause) {
    database.useTransaction(handle -> DocumentRows.failed(handle, number, kind, reason, pause));
  }
}
