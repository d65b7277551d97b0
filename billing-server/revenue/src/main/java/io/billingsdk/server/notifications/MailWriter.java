package io.billingsdk.server.notifications;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.notifications.MailAttachments.MailFile;
import io.billingsdk.server.notifications.MailAttachments.MailSubject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes mails: the language of the customer, as text and as HTML. Thread-safe. */
final class MailWriter {
  static final String UNSUBSCRIBE = "/api/v1/notifications/unsubscribe";

  private static final Actor SERVER = new Actor("server");
  private static final String PACKAGE = "io.billingsdk.server.notifications.";
  private static final TemplateEngine HTML = engine(ContentType.Html, "html");
  private static final TemplateEngine TEXT = engine(ContentType.Plain, "text");

  private final Database database;
  private final WebhookSecrets secrets;
  private final @Nullable URI publicUrl;
  private final MailAttachments attachments;

  MailWriter(
      Database database,
      WebhookSecrets secrets,
      @Nullable URI publicUrl,
      MailAttachments attachments) {
    this.database = database;
    this.secrets = secrets;
    this.publicUrl = publicUrl;
    this.attachments = attachments;
  }

  private static TemplateEngine engine(ContentType type, String name) {
    // With no directory it would ask the class loader of whichever thread comes first. That of this
    // class is asked before the directory, and has them all.
    return TemplateEngine.createPrecompiled(
        Path.of(""), type, MailWriter.class.getClassLoader(), PACKAGE + name);
  }

  /**
   * A mail that is written.
   *
   * @param unsubscribe the link that ends such mails; null for none
   * @param files that go with it
   */
  record Written(
      String subject,
      String text,
      String html,
      @Nullable String unsubscribe,
      List<MailFile> files) {
    /** Copies the list. */
    Written {
      files = List.copyOf(files);
    }
  }

  Written write(MailLines.TakenMail taken) {
    Notice notice = taken.notice();
    Optional<Customer> customer =
        notice.customer().isEmpty()
            ? Optional.empty()
            : new Customers(database, SERVER).find(notice.customer());
    String locale = taken.locale();
    if (locale == null) {
      locale = customer.map(Customer::locale).orElse("en");
    }
    String link = link(taken);
    MailPage page =
        MailTexts.of(locale)
            .page(notice, customer.map(Customer::name).orElse(notice.customer()), link);
    return new Written(
        page.title(),
        rendered(TEXT, "mail", page),
        html("mail", page),
        link,
        attachments.of(subject(notice), locale));
  }

  private static MailSubject subject(Notice notice) {
    return new MailSubject(notice.kind().text(), notice.customer(), MailTexts.fields(notice));
  }

  /** A page of HTML by its template. */
  static String html(String template, MailPage page) {
    return rendered(HTML, template, page);
  }

  private static String rendered(TemplateEngine engine, String template, MailPage page) {
    TemplateOutput output = new StringOutput();
    engine.render(template + ".jte", page, output);
    return output.toString();
  }

  private @Nullable String link(MailLines.TakenMail taken) {
    NoticeKind kind = taken.notice().kind();
    return publicUrl == null || kind.isMandatory()
        ? null
        : publicUrl.toString().replaceFirst("/+$", "")
            + UNSUBSCRIBE
            + "?token="
            + secrets.linkToken(taken.recipient(), kind);
  }
}
