package io.billingsdk.server.documents;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.documents.DocumentException;
import io.billingsdk.documents.NoticeDocument;
import io.billingsdk.documents.NoticeReader;
import io.billingsdk.documents.pdf.PaperLanguage;
import io.billingsdk.documents.pdf.PaperTemplate;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.documents.NoticeRows.MadeNotice;
import io.billingsdk.server.documents.NoticeRows.WantedNotice;

/**
 * Makes the documents of reminders and receipts, each in a transaction of its own: a fault of one
 * stops that one alone, and is noted with it. For one thread.
 */
final class NoticeMaker {
  private final Database database;
  private final PaperPress press;

  NoticeMaker(Database database, PaperPress press) {
    this.database = database;
    this.press = press;
  }

  void make(WantedNotice wanted) {
    try {
      ObjectNode facts = new NoticeFacts(database).of(wanted);
      MadeNotice made = made(facts.toString());
      database.useTransaction(
          handle -> {
            if (NoticeRows.add(handle, wanted, made)) {
              NoticeToMail.tell(handle, wanted);
            }
          });
    } catch (DocumentException refused) {
      failed(wanted, String.valueOf(refused.getMessage()));
    } catch (DatabaseException away) {
      throw away;
    } catch (RuntimeException fault) {
      failed(wanted, "a fault of the server: " + fault);
    }
  }

  /** The bytes are a function of the facts, of fonts and template. */
  private MadeNotice made(String facts) {
    NoticeDocument notice = NoticeReader.read(facts);
    NoticeDocument.NoticeHead head = notice.head();
    PaperTemplate template = press.template(head.template(), head.seller().id());
    byte[] bytes = press.printer().print(notice, template, PaperLanguage.of(head.locale()));
    return new MadeNotice(head.customer().id(), facts, bytes, press.printer().version());
  }

  private void failed(WantedNotice wanted, String reason) {
    database.useTransaction(
        handle -> {
          boolean isFirst =
              NoticeRows.failed(handle, wanted, reason, DocumentMaker.pause(wanted.failures()));
          if (isFirst) {
            // A reminder without its PDF is better than none: it has days to count.
            NoticeToMail.tell(handle, wanted);
          }
        });
  }
}
