package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.billingsdk.server.notifications.MailAttachments.MailFile;
import io.billingsdk.server.notifications.MailAttachments.MailSubject;
import io.billingsdk.server.notifications.MailLog.Mail;
import io.billingsdk.server.notifications.NotificationSettings.Smtp;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import jakarta.mail.BodyPart;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mails to a real SMTP server, GreenMail, over STARTTLS. */
@Tag("postgres")
class MailTest {
  private static final String PASSWORD = "smtp-canary-7c1f";
  private static final int EVENTS = 12;
  private static final byte[] PDF = {'%', 'P', 'D', 'F', '-', 0, (byte) 0xff};

  @TempDir Path directory;
  private NotificationWorld world;
  private GreenMail server;
  private StartTlsFront front;

  @BeforeEach
  void start() throws Exception {
    world = new NotificationWorld(directory);
    ServerSetup plain = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
    server = new GreenMail(plain);
    server.start();
    server.setUser("login@example.com", "login", PASSWORD);
    front = new StartTlsFront(HttpsReceiver.tls(world.certificate()), server.getSmtp().getPort());
    world.customer("acme", "Acme & Söhne", "de");
    world.customer("bolt", "闪电公司", "zh-Hans-CN");
  }

  @AfterEach
  void stop() throws Exception {
    front.close();
    server.stop();
    world.close();
  }

  private MailSender sender(int port) {
    Smtp smtp = new Smtp("localhost", port, "billing@example.com", "login", PASSWORD, world.ca());
    return new MailSender(
        world.database(),
        new MailWriter(
            world.database(),
            world.secrets(),
            URI.create("https://billing.example.com/"),
            MailTest::files),
        new SmtpServer(smtp),
        world,
        world.counts());
  }

  /** As the server finds those of its documents. */
  private static List<MailFile> files(MailSubject subject, String language) {
    return subject.kind().equals("invoice.issued")
        ? List.of(new MailFile(subject.fields().get("number") + ".pdf", "application/pdf", PDF))
        : List.of();
  }

  private MailSender sender() {
    return sender(front.port());
  }

  private List<MimeMessage> mails(String address) throws MessagingException {
    List<MimeMessage> found = new ArrayList<>();
    for (MimeMessage each : server.getReceivedMessages()) {
      if (each.getRecipients(RecipientType.TO)[0].toString().equals(address)) {
        found.add(each);
      }
    }
    return found;
  }

  private static String part(MimeMessage mail, int number) throws Exception {
    BodyPart part = ((MimeMultipart) mail.getContent()).getBodyPart(number);
    return String.valueOf(part.getContent());
  }

  @Test
  void smtpServer_awayForAnHour_givesEachMailOncePerAddressInOrder() throws Exception {
    List<String> addresses = List.of("ops@acme.example", "money@acme.example");
    for (String each : addresses) {
      world.recipients("acme").add(each, List.of("*"), null);
    }
    world.recipients("").add("operator@example.com", List.of("subscription.*"), null);
    front.leave();
    for (int i = 1; i <= EVENTS; i++) {
      world.happens("subscription.renewed", "acme", Map.of("revision", i, "plan", "pro"));
      NotificationWorld.drain(sender());
      world.advance(Duration.ofMinutes(5));
    }
    assertThat(server.getReceivedMessages()).isEmpty();
    front.comeBack();
    int hours = 0;
    while (world.count("SELECT count(*) FROM mail_delivery WHERE state = 'pending'") > 0) {
      world.advance(Duration.ofHours(1));
      // Another server each time, as after a restart.
      NotificationWorld.drain(sender());
      assertThat(++hours).isLessThan(4);
    }
    int twice = 0;
    int outOfOrder = 0;
    for (String address : List.of(addresses.get(0), addresses.get(1), "operator@example.com")) {
      List<Integer> revisions = revisions(mails(address));
      twice += revisions.size() - new HashSet<>(revisions).size();
      outOfOrder += revisions.equals(revisions.stream().sorted().toList()) ? 0 : 1;
      assertThat(revisions).as(address).hasSize(EVENTS);
    }
    Set<String> ids = new HashSet<>();
    for (MimeMessage each : server.getReceivedMessages()) {
      ids.add(each.getMessageID());
    }
    assertThat(ids).hasSize(3 * EVENTS);
    assertThat(twice + outOfOrder).isZero();
    Proof.of("mail")
        .with("events", EVENTS)
        .with("addresses", 3)
        .with("away_minutes", 60)
        .with("received", server.getReceivedMessages().length)
        .with("twice", twice)
        .with("out_of_order", outOfOrder)
        .print();
  }

  private static List<Integer> revisions(List<MimeMessage> mails) throws Exception {
    Pattern revision = Pattern.compile("Revision: (\\d+)");
    List<Integer> found = new ArrayList<>();
    for (MimeMessage each : mails) {
      Matcher matcher = revision.matcher(part(each, 0));
      assertThat(matcher.find()).isTrue();
      found.add(Integer.parseInt(matcher.group(1)));
    }
    return found;
  }

  @Test
  void mail_whoseAnswerIsLost_isUnsure_andNotSentTwice_untilSomebodyReplaysIt() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    world.happens("subscription.started", "acme", Map.of("plan", "pro"));
    front.swallowAnswer();
    NotificationWorld.drain(sender());
    world.advance(Duration.ofDays(4));
    NotificationWorld.drain(sender());
    List<Mail> mails = world.recipients("acme").mails(Long.MAX_VALUE, "unsure", 10);
    assertThat(mails).hasSize(1);
    Await.until(() -> server.getReceivedMessages().length == 1);
    world.recipients("acme").replay(mails.get(0).mailId());
    NotificationWorld.drain(sender());
    MimeMessage[] received = server.getReceivedMessages();
    assertThat(received).hasSize(2);
    assertThat(received[1].getMessageID()).isEqualTo(received[0].getMessageID());
  }

  @Test
  void mail_whoseTextDidNotBegin_isTriedAgain() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    world.happens("subscription.started", "acme", Map.of("plan", "pro"));
    front.swallowGoAhead();
    NotificationWorld.drain(sender());
    assertThat(world.recipients("acme").mails(Long.MAX_VALUE, "pending", 10)).hasSize(1);
    world.advance(Duration.ofMinutes(1));
    NotificationWorld.drain(sender());
    assertThat(world.recipients("acme").mails(Long.MAX_VALUE, "sent", 10)).hasSize(1);
    assertThat(server.getReceivedMessages()).hasSize(1);
  }

  @Test
  void mail_takenByAServerThatEnds_isNotBegun_andAnotherServerSendsIt() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    world.happens("subscription.started", "acme", Map.of("plan", "pro"));
    MailSender ending = sender();
    ending.stop();
    assertThat(ending.doNext()).isTrue();
    assertThat(server.getReceivedMessages()).isEmpty();
    assertThat(NotificationWorld.drain(sender())).isEqualTo(1);
    assertThat(server.getReceivedMessages()).hasSize(1);
  }

  @Test
  void server_killedWhileItSends_leavesAnUnsureMail_andBeforeThatATakenOne() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    world.happens("subscription.started", "acme", Map.of("plan", "pro"));
    world.happens("subscription.renewed", "acme", Map.of("plan", "pro", "revision", 2));
    MailLines.TakenMail taken =
        world
            .database()
            .inTransaction(
                handle ->
                    MailLines.take(handle, world.instant(), world.instant().plus(MailSender.TAKEN)))
            .orElseThrow();
    assertThat(NotificationWorld.drain(sender())).isZero();
    boolean isSending = world.database().inTransaction(handle -> MailLines.sending(handle, taken));
    assertThat(isSending).isTrue();
    world.advance(MailSender.TAKEN.plusMinutes(1));
    assertThat(NotificationWorld.drain(sender())).isZero();
    world.upkeep().run();
    assertThat(NotificationWorld.drain(sender())).isEqualTo(1);
    assertThat(world.recipients("acme").mails(Long.MAX_VALUE, "unsure", 10)).hasSize(1);
    assertThat(server.getReceivedMessages()).hasSize(1);
    assertThat(server.getReceivedMessages()[0].getSubject()).contains("renewed");
  }

  @Test
  void foreignTexts_areShown_andNeitherHeadersNorMarkup() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    world.happens(
        "key.blocked",
        "acme",
        Map.of(
            "keyId",
            "k_1\r\nBcc: thief@example.com\r\n\r\n<b>",
            "reason",
            "<script>alert(1)</script>\nBcc: x@example.com \u202e"));
    NotificationWorld.drain(sender());
    assertThat(server.getReceivedMessages()).hasSize(1);
    MimeMessage mail = server.getReceivedMessages()[0];
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(mail.getAllRecipients()).hasSize(1);
    assertThat(mail.getSubject()).contains("\\u000d\\u000aBcc: thief@example.com");
    assertThat(part(mail, 0)).contains("<script>alert(1)</script>\\u000aBcc").contains("\\u202e");
    assertThat(part(mail, 1))
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("Acme &amp; Söhne")
        .doesNotContain("<script>");
  }

  @Test
  void language_isThatOfTheCustomer_andTheLinkEndsAKind() throws Exception {
    world.recipients("bolt").add("ops@bolt.example", List.of("*"), null);
    world.recipients("acme").add("ops@acme.example", List.of("*"), "zh-CN");
    world.happens("subscription.started", "bolt", Map.of("plan", "pro"));
    world.happens("subscription.started", "acme", Map.of("plan", "pro"));
    NotificationWorld.drain(sender());
    MimeMessage mail = mails("ops@bolt.example").get(0);
    assertThat(mail.getSubject()).isEqualTo("您对 pro 的订阅已开始");
    assertThat(part(mail, 1)).contains("lang=\"zh-CN\"").contains("闪电公司");
    assertThat(mails("ops@acme.example").get(0).getSubject()).isEqualTo("您对 pro 的订阅已开始");
    String link = mail.getHeader("List-Unsubscribe")[0].replaceAll("[<>\\s]", "");
    assertThat(link).startsWith("https://billing.example.com/api/v1/notifications/unsubscribe?");
    WebhookSecrets.LinkTarget target =
        world.secrets().target(link.substring(link.indexOf('=') + 1)).orElseThrow();
    assertThat(world.secrets().target(link.substring(link.indexOf('=') + 1) + "0")).isEmpty();
    MailRecipients.mute(world.database(), target.recipient(), target.kind(), world.instant());
    world.happens("subscription.started", "bolt", Map.of("plan", "pro"));
    world.happens("subscription.past_due", "bolt", Map.of("plan", "pro"));
    NotificationWorld.drain(sender());
    List<MimeMessage> all = mails("ops@bolt.example");
    assertThat(all).hasSize(2);
    assertThat(all.get(1).getHeader("List-Unsubscribe")).isNull();
  }

  @Test
  void mandatoryKind_thatNobodyAskedFor_goesToAllAddressesOfItsCustomer() throws Exception {
    world.recipients("acme").add("one@acme.example", List.of("quota.*"), null);
    world.recipients("acme").add("two@acme.example", List.of("quota.exhausted"), null);
    world.happens("subscription.past_due", "acme", Map.of("plan", "pro"));
    world.happens("subscription.renewed", "acme", Map.of("plan", "pro"));
    world.happens("quota.threshold_reached", "acme", Map.of("threshold", 80, "meter", "calls"));
    world.happens("quota.threshold_reached", "acme", Map.of("threshold", 100, "meter", "calls"));
    NotificationWorld.drain(sender());
    assertThat(mails("one@acme.example")).hasSize(3);
    assertThat(mails("two@acme.example")).hasSize(2);
    assertThat(mails("two@acme.example").get(1).getSubject()).contains("used up");
  }

  @Test
  void smtpServer_withoutStarttls_getsNeitherPasswordNorMail() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    world.happens("subscription.started", "acme", Map.of("plan", "pro"));
    NotificationWorld.drain(sender(server.getSmtp().getPort()));
    assertThat(server.getReceivedMessages()).isEmpty();
    Mail mail = world.recipients("acme").mails(Long.MAX_VALUE, "pending", 10).get(0);
    assertThat(mail.problem()).contains("STARTTLS");
    world.advance(Duration.ofMinutes(1));
    NotificationWorld.drain(sender());
    assertThat(server.getReceivedMessages()).hasSize(1);
    assertThat(front.inTheClear()).noneMatch(each -> each.contains("AUTH"));
    String whole = GreenMailUtil.getWholeMessage(server.getReceivedMessages()[0]);
    assertThat(whole).doesNotContain(PASSWORD);
    assertThat(
            world.count(
                "SELECT count(*) FROM mail_delivery AS t WHERE t::text LIKE '%" + PASSWORD + "%'"))
        .isZero();
  }

  @Test
  void issuedInvoice_isMailedOnce_whenItsPdfIsStored_withIt() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("quota.*"), null);
    Map<String, String> invoice =
        Map.of("number", "s-000001", "issuedOn", "2027-01-01", "currency", "EUR", "total", "9");
    world.happens("invoice.issued", "acme", invoice);
    NotificationWorld.drain(sender());
    assertThat(server.getReceivedMessages()).isEmpty();
    world.happens("invoice.document_stored", "acme", invoice);
    NotificationWorld.drain(sender());
    // As a server does that was killed before its note.
    world.world().execute("UPDATE outbox_delivery SET state = 'pending', next_attempt_at = now()");
    world.happens("quota.threshold_reached", "acme", Map.of("threshold", 80, "meter", "calls"));
    Await.until(
        () -> world.count("SELECT count(*) FROM outbox_delivery WHERE state = 'pending'") == 0);
    NotificationWorld.drain(sender());
    List<MimeMessage> mails = mails("ops@acme.example");
    assertThat(mails).hasSize(2);
    assertThat(mails.get(0).getSubject()).isEqualTo("Document s-000001");
    MimeMultipart whole = (MimeMultipart) mails.get(0).getContent();
    assertThat(whole.getContentType()).startsWith("multipart/mixed");
    assertThat(((MimeMultipart) whole.getBodyPart(0).getContent()).getCount()).isEqualTo(2);
    BodyPart file = whole.getBodyPart(1);
    assertThat(file.getFileName()).isEqualTo("s-000001.pdf");
    assertThat(file.getContentType()).startsWith("application/pdf");
    assertThat(file.getInputStream().readAllBytes()).isEqualTo(PDF);
    assertThat(mails.get(1).getContentType()).startsWith("multipart/alternative");
  }

  /** A webhook says it at once; the mail waits for its PDF. */
  @Test
  void reminderAndReceipt_areMailedByTheirOwnEvents_once() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    Map<String, String> reminder = Map.of("number", "s-000001", "open", "9", "step", "first");
    for (String kind : List.of("invoice.reminder", "invoice.past_due", "payment.received")) {
      world.happens(kind, "acme", reminder);
    }
    NotificationWorld.drain(sender());
    assertThat(server.getReceivedMessages()).isEmpty();
    for (String kind : List.of("invoice.reminder", "invoice.past_due", "payment.received")) {
      world.happens(kind + "_to_mail", "acme", reminder);
    }
    NotificationWorld.drain(sender());
    assertThat(mails("ops@acme.example")).hasSize(3);
    assertThat(mails("ops@acme.example").get(0).getSubject()).contains("s-000001");
  }

  @Test
  void event_thatComesTwice_addsNothing() throws Exception {
    world.recipients("acme").add("ops@acme.example", List.of("*"), null);
    world.happens("subscription.started", "acme", Map.of("plan", "pro"));
    // As a server does that was killed before its note.
    world.world().execute("UPDATE outbox_delivery SET state = 'pending', next_attempt_at = now()");
    world.happens("subscription.renewed", "acme", Map.of("plan", "pro"));
    Await.until(
        () -> world.count("SELECT count(*) FROM outbox_delivery WHERE state = 'pending'") == 0);
    NotificationWorld.drain(sender());
    assertThat(server.getReceivedMessages()).hasSize(2);
  }
}
