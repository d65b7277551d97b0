package io.billingsdk.server.notifications;

import io.billingsdk.server.common.ShownText;
import io.billingsdk.server.notifications.MailWriter.Written;
import io.billingsdk.server.notifications.NotificationSettings.Smtp;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
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
        "mail.smtp.ssl.socketFactory", TrustedRoots.context(settings.ca()).getSocketFactory());
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
    record Refused(String problem, boolean permanent) implements Reply {}

    /** Nobody can tell. */
    record Unsure(String problem) implements Reply {}

    /** Another server has taken the mail over. */
    record Lost() implements Reply {}
  }

  /**
   * Sends a mail.
   *
   * @param mailId makes its Message-ID, the same at each attempt
   * @param before asked once the server has let us in; false: do not send
   */
  Reply send(UUID mailId, String address, Written written, Instant at, BooleanSupplier before) {
    MimeMessage message;
    Transport transport;
    try {
      message = message(mailId, address, written, at);
      transport = session.getTransport();
    } catch (MessagingException malformed) {
      return new Reply.Refused(problem(malformed), /* permanent= */ true);
    }
    try {
      connect(transport);
    } catch (MessagingException away) {
      return new Reply.Refused(problem(away), /* permanent= */ false);
    }
    try {
      return before.getAsBoolean() ? given(transport, message) : new Reply.Lost();
    } finally {
      close(transport);
    }
  }

  /** A server that breaks off at the end has the mail nevertheless. */
  private static void close(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException broken) {
      log.debug("the SMTP server has ended the connection by itself");
    }
  }

  private void connect(Transport transport) throws MessagingException {
    transport.connect(
        settings.host(),
        settings.port(),
        settings.user(),
        settings.user() == null ? null : settings.password());
  }

  private Reply given(Transport transport, MimeMessage message) {
    try {
      transport.sendMessage(message, message.getAllRecipients());
      return new Reply.Accepted();
    } catch (SendFailedException refused) {
      int code = code(refused);
      return code == 0
          ? new Reply.Unsure(problem(refused))
          : new Reply.Refused(problem(refused), code >= FIRST_PERMANENT);
    } catch (MessagingException broken) {
      return new Reply.Unsure(problem(broken));
    }
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

  private MimeMessage message(UUID mailId, String address, Written written, Instant at)
      throws MessagingException {
    MimeMessage message = new IdentifiedMessage(session, messageId(mailId));
    message.setFrom(new InternetAddress(settings.from(), /* strict= */ true));
    message.setRecipient(RecipientType.TO, new InternetAddress(address, /* strict= */ true));
    message.setSubject(written.subject(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(at));
    message.setHeader("Auto-Submitted", "auto-generated");
    if (written.unsubscribe() != null) {
      message.setHeader("List-Unsubscribe", "<" + written.unsubscribe() + ">");
      message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
    }
    message.setContent(
        new MimeMultipart(
            "alternative", part(written.text(), "plain"), part(written.html(), "html")));
    message.saveChanges();
    return message;
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

  /** One whose id stays as it is. */
  private static final class IdentifiedMessage extends MimeMessage {
    private final String id;

    IdentifiedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
