package io.billingsdk.server.notifications;

import io.billingsdk.server.common.ShownText;
import io.billingsdk.server.notifications.MailAttachments.MailFile;
import io.billingsdk.server.notifications.MailWriter.Written;
import io.billingsdk.server.notifications.NotificationSettings.Smtp;
import jakarta.activation.DataHandler;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Part;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An SMTP server, which is spoken to over TLS alone: without STARTTLS it gets neither the password
 * nor a mail. Thread-safe.
 */
final class SmtpServer {
  private static final Logger log = LoggerFactory.getLogger(SmtpServer.class);

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  /** How long the server may take with a whole mail; RFC 5321 asks for minutes here. */
  private static final Duration LONG_TIMEOUT = Duration.ofMinutes(5);

  private static final int FIRST_PERMANENT = 500;
  private static final int PROBLEM_CHARS = 256;

  private final Smtp settings;
  private final Session session;

  SmtpServer(Smtp settings) {
    this.settings = settings;
    this.session = Session.getInstance(properties(settings));
  }

  private static Properties properties(Smtp settings) {
    String timeout = Long.toString(TIMEOUT.toMillis());
    Properties properties = new Properties();
    properties.put("mail.transport.protocol", "smtp");
    properties.put("mail.smtp.host", settings.host());
    properties.put("mail.smtp.port", Integer.toString(settings.port()));
    properties.put("mail.smtp.from", settings.from());
    properties.put("mail.smtp.auth", Boolean.toString(settings.user() != null));
    properties.put("mail.smtp.starttls.enable", "true");
    properties.put("mail.smtp.starttls.required", "true");
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    properties.put(
        "mail.smtp.ssl.socketFactory",
        new PatientSockets(TrustedRoots.context(settings.ca()).getSocketFactory()));
    properties.put("mail.smtp.connectiontimeout", timeout);
    properties.put("mail.smtp.timeout", timeout);
    properties.put("mail.smtp.writetimeout", timeout);
    return properties;
  }

  /** What became of a mail. */
  sealed interface Reply {
    /** The server has it. */
    record Accepted() implements Reply {}

    /** It has it not; {@code permanent}: it never will. */
    record SmtpRefused(String problem, boolean permanent) implements Reply {}

    /** Nobody can tell. */
    record Unsure(String problem) implements Reply {}

    /** It is not to be sent: another server has taken it over, or this one ends. */
    record Lost() implements Reply {}
  }

  /**
   * Sends a mail.
   *
   * @param mailId makes its Message-ID, the same at each attempt
   * @param before asked once the server has let us in; false: do not send
   */
  Reply send(UUID mailId, String address, Written written, Instant at, BooleanSupplier before) {
    IdentifiedMessage message;
    Transport transport;
    try {
      message = message(mailId, address, written, at);
      transport = session.getTransport();
    } catch (MessagingException malformed) {
      return new Reply.SmtpRefused(problem(malformed), /* permanent= */ true);
    }
    try {
      connect(transport);
    } catch (MessagingException away) {
      PatientSockets.forget();
      return new Reply.SmtpRefused(problem(away), /* permanent= */ false);
    }
    try {
      return before.getAsBoolean() ? given(transport, message) : new Reply.Lost();
    } finally {
      close(transport);
    }
  }

  /** A server that breaks off at the end has the mail nevertheless. */
  private static void close(Transport transport) {
    PatientSockets.waitFor(TIMEOUT);
    try {
      transport.close();
    } catch (MessagingException broken) {
      log.debug("the SMTP server has ended the connection by itself");
    } finally {
      PatientSockets.forget();
    }
  }

  private void connect(Transport transport) throws MessagingException {
    transport.connect(
        settings.host(),
        settings.port(),
        settings.user(),
        settings.user() == null ? null : settings.password());
  }

  /** A mail whose text the server has not been given surely did not go. */
  private Reply given(Transport transport, IdentifiedMessage message) {
    try {
      transport.sendMessage(message, message.getAllRecipients());
      return new Reply.Accepted();
    } catch (SendFailedException refused) {
      int code = code(refused);
      return code == 0
          ? broken(message, refused)
          : new Reply.SmtpRefused(problem(refused), code >= FIRST_PERMANENT);
    } catch (MessagingException broken) {
      return broken(message, broken);
    }
  }

  private Reply broken(IdentifiedMessage message, MessagingException failed) {
    return message.isBegun
        ? new Reply.Unsure(problem(failed))
        : new Reply.SmtpRefused(problem(failed), /* permanent= */ false);
  }

  /** The code that the server has refused it with; 0 for none. */
  private static int code(Exception failed) {
    for (Throwable each = failed; each != null; each = next(each)) {
      if (each instanceof SMTPAddressFailedException address) {
        return address.getReturnCode();
      }
      if (each instanceof SMTPSendFailedException whole && whole.getReturnCode() > 0) {
        return whole.getReturnCode();
      }
    }
    return 0;
  }

  private static @Nullable Throwable next(Throwable failed) {
    return failed instanceof MessagingException more ? more.getNextException() : null;
  }

  private IdentifiedMessage message(UUID mailId, String address, Written written, Instant at)
      throws MessagingException {
    IdentifiedMessage message = new IdentifiedMessage(session, messageId(mailId));
    message.setFrom(new InternetAddress(settings.from(), /* strict= */ true));
    message.setRecipient(RecipientType.TO, new InternetAddress(address, /* strict= */ true));
    message.setSubject(written.subject(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(at));
    message.setHeader("Auto-Submitted", "auto-generated");
    if (written.unsubscribe() != null) {
      message.setHeader("List-Unsubscribe", "<" + written.unsubscribe() + ">");
      message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    message.setContent(content(written));
    message.saveChanges();
    return message;
  }

  private static MimeMultipart content(Written written) throws MessagingException {
    MimeMultipart text =
        new MimeMultipart(
            "alternative", part(written.text(), "plain"), part(written.html(), "html"));
    if (written.files().isEmpty()) {
      return text;
    }
    MimeBodyPart whole = new MimeBodyPart();
    whole.setContent(text);
    MimeMultipart mixed = new MimeMultipart("mixed", whole);
    for (MailFile file : written.files()) {
      mixed.addBodyPart(part(file));
    }
    return mixed;
  }

  private static MimeBodyPart part(MailFile file) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setDataHandler(new DataHandler(new ByteArrayDataSource(file.bytes(), file.mediaType())));
    part.setFileName(file.name());
    part.setDisposition(Part.ATTACHMENT);
    return part;
  }

  private static MimeBodyPart part(String text, String subtype) throws MessagingException {
    MimeBodyPart part = new MimeBodyPart();
    part.setText(text, StandardCharsets.UTF_8.name(), subtype);
    return part;
  }

  private String messageId(UUID mailId) {
    String domain = settings.from().substring(settings.from().lastIndexOf('@') + 1);
    return "<" + mailId + "@" + domain + ">";
  }

  /** What the server says is of others, and may repeat a login. */
  private String problem(MessagingException failed) {
    String said = failed.getClass().getSimpleName() + ": " + failed.getMessage();
    if (!settings.password().isEmpty()) {
      said = said.replace(settings.password(), "***");
    }
    return ShownText.of(said.substring(0, Math.min(PROBLEM_CHARS, said.length())).strip());
  }

  /** One whose id stays as it is, and that knows whether the server has been given its text. */
  private static final class IdentifiedMessage extends MimeMessage {
    private final String id;
    private boolean isBegun;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    /** After the server has agreed to DATA; its next answer is to the whole mail. */
    @Override
    public void writeTo(OutputStream text, String[] ignoredHeaders)
        throws IOException, MessagingException {
      PatientSockets.waitFor(LONG_TIMEOUT);
      isBegun = true;
      super.writeTo(text, ignoredHeaders);
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
