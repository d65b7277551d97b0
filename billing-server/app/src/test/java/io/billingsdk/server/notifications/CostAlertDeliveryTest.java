package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.billingsdk.server.alerts.AlertJudge;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.notifications.HttpsReceiver.Received;
import io.billingsdk.server.notifications.NotificationSettings.Smtp;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From calls over HTTP that cost too much to the mail and the webhooks of the operator: through the
 * ledger, the costs, the judge of alerts and the outbox, over a real SMTP server and HTTPS.
 */
@Tag("postgres")
class CostAlertDeliveryTest {
  private static final String PASSWORD = "smtp-canary-8d2a";
  private static final String RAISED = "cost.alert_raised";
  private static final String RESOLVED = "cost.alert_resolved";
  private static final int CALLS = 30;

  @TempDir Path directory;
  private HttpTestbed http;
  private NotificationWorld world;
  private GreenMail mail;
  private StartTlsFront front;
  private HttpsReceiver receiver;
  private Instant now = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofHours(12));
  private int number;

  @BeforeEach
  void start() throws Exception {
    http = new HttpTestbed(directory.resolve("server"));
    http.startCosts();
    world = new NotificationWorld(directory, http.world());
    mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    mail.setUser("login@example.com", "login", PASSWORD);
    front = new StartTlsFront(HttpsReceiver.tls(world.certificate()), mail.getSmtp().getPort());
    receiver = new HttpsReceiver(world.certificate());
  }

  @AfterEach
  void stop() throws Exception {
    receiver.close();
    front.close();
    mail.stop();
    world.close();
    http.close();
  }

  private MailSender mails() {
    Smtp smtp =
        new Smtp("localhost", front.port(), "billing@example.com", "login", PASSWORD, world.ca());
    return new MailSender(
        world.database(),
        new MailWriter(
            world.database(),
            world.secrets(),
            URI.create("https://billing.example.com/"),
            (subject, language) -> List.of()),
        new SmtpServer(smtp),
        world,
        world.counts());
  }

  /** Calls that cost 0.10 USD a minute each. */
  private void call(String operation, int minutes, int count) {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(
          """
          {"record_id":"d-%d","user_id":"ann","service":"google_video_ai","operation":"%s",
           "quantity":%d,"unit":"minutes","started_at":"%s"}
          """
              .formatted(++number, operation, minutes, now));
    }
    Reply reply =
        http.send(
            "POST",
            "/api/analytics/cost/records",
            http.writeToken(),
            "[" + String.join(",", records) + "]");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.json().path("stored").asInt()).as(reply.body()).isEqualTo(count);
    http.makeCosts();
  }

  /** Judges, and delivers all that it has said; each time by senders that have just started. */
  private void judgeAndDeliver() throws Exception {
    AlertJudge.run(http.database(), () -> now);
    long said = world.count("SELECT count(*) FROM outbox_event WHERE kind LIKE 'cost.alert%'");
    Await.until(
        () -> world.count("SELECT count(*) FROM notice WHERE kind LIKE 'cost.alert%'") == said);
    NotificationWorld.drain(mails());
    NotificationWorld.drain(world.sender());
  }

  private List<String> subjects() throws Exception {
    List<String> subjects = new ArrayList<>();
    for (MimeMessage each : mail.getReceivedMessages()) {
      subjects.add(each.getSubject());
    }
    return subjects;
  }

  private List<String> types() {
    return receiver.received("/standard").stream()
        .map(each -> each.json().path("type").asText())
        .toList();
  }

  @Test
  void callsOverABound_areOneMailAndOneRequest_andTheirEndIsOneMoreOfEach() throws Exception {
    world.recipients("").add("operator@example.com", List.of("cost.*"), null);
    var unused = world.endpoints("").create(receiver.url("/standard"), List.of("cost.*"));
    unused =
        world.endpoints("").create(receiver.url("/slack"), List.of("cost.*"), WebhookFormat.SLACK);

    call("cheap", 10, CALLS);
    judgeAndDeliver();
    assertThat(subjects()).as("exactly 1.00 USD is not above it").isEmpty();
    for (int i = 0; i < 3; i++) {
      call("dear", 11, CALLS);
      judgeAndDeliver();
    }
    assertThat(subjects()).hasSize(1).allMatch(text -> text.contains("high_cost_alert"));
    assertThat(types()).containsExactly(RAISED);
    now = now.plus(Duration.ofDays(1));
    judgeAndDeliver();
    judgeAndDeliver();
    assertThat(subjects()).hasSize(2);
    assertThat(types()).containsExactly(RAISED, RESOLVED);
    List<Received> slack = receiver.received("/slack");
    assertThat(slack).hasSize(2).allMatch(each -> each.json().size() == 1);
    assertThat(slack.get(0).json().path("text").asText()).contains("dear has reached 1.1 USD");
    assertThat(receiver.received("/standard").get(0).json().at("/data/about").asText())
        .isEqualTo("dear");
    Proof.of("alert-delivered")
        .with("calls_over_the_bound", 3 * CALLS)
        .with("mails", subjects().size())
        .with("webhooks", types().size())
        .with("slack", slack.size())
        .with("raised", 1)
        .with("resolved", 1)
        .print();
  }
}
