package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.notifications.MailLines.MailOutcome;
import io.billingsdk.server.notifications.MailLines.TakenMail;
import io.billingsdk.server.notifications.MailLog.Mail;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mails go to readers who want them, and to nobody whom they reach too often. */
@Tag("postgres")
class MailConsentTest {
  private static final String ADDRESS = "ops@acme.example";
  private static final NoticeKind KIND = NoticeKind.SUBSCRIPTION_RENEWED;

  @TempDir Path directory;
  private NotificationWorld world;
  private MailRecipients recipients;
  private UUID reader;

  @BeforeEach
  void start() throws Exception {
    world = new NotificationWorld(directory);
    world.customer("acme", "Acme", "en");
    recipients = world.recipients("acme");
    reader = recipients.add(ADDRESS, List.of("*"), null).id();
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private void happens(NoticeKind kind) {
    world.happens(kind.text(), "acme", Map.of("plan", "pro"));
  }

  private Optional<TakenMail> take() {
    Instant now = world.instant();
    return world
        .database()
        .inTransaction(handle -> MailLines.take(handle, now, now.plus(MailSender.TAKEN)));
  }

  private void mute() {
    MailRecipients.mute(world.database(), reader, KIND, world.instant());
  }

  private UUID ended(MailOutcome outcome) {
    happens(KIND);
    TakenMail taken = take().orElseThrow();
    Instant now = world.instant();
    world
        .database()
        .useTransaction(handle -> MailLines.done(handle, taken, outcome, null, now, now));
    return taken.mailId();
  }

  private List<Mail> mails(String state) {
    return recipients.mails(Long.MAX_VALUE, state, 10);
  }

  @Test
  void link_whileMailsWait_endsThoseOfItsKindAlone() {
    happens(KIND);
    happens(NoticeKind.SUBSCRIPTION_CHANGED);
    mute();
    assertThat(mails("dead"))
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.kind()).isEqualTo(KIND.text());
              assertThat(each.problem()).contains("its reader has ended");
            });
    assertThat(take().orElseThrow().notice().kind()).isEqualTo(NoticeKind.SUBSCRIPTION_CHANGED);
  }

  @Test
  void link_whileAMailIsTaken_keepsItFromTheSmtpServer() {
    happens(KIND);
    TakenMail taken = take().orElseThrow();
    mute();
    boolean isSending = world.database().inTransaction(handle -> MailLines.sending(handle, taken));
    assertThat(isSending).isFalse();
  }

  @Test
  void replay_afterTheEndOfAKind_isRefused_alsoForTheOperator() {
    UUID mail = ended(MailOutcome.DEAD);
    mute();
    for (String owner : List.of("acme", "")) {
      assertThatThrownBy(() -> world.recipients(owner).replay(mail))
          .isInstanceOf(RequestRefusedException.class);
    }
  }

  @Test
  void replay_afterTheRemovalOfAnAddress_isRefused_alsoForTheOperator() {
    UUID mail = ended(MailOutcome.UNSURE);
    recipients.remove(reader);
    for (String owner : List.of("acme", "")) {
      assertThatThrownBy(() -> world.recipients(owner).replay(mail))
          .isInstanceOf(RequestRefusedException.class);
    }
    assertThat(take()).isEmpty();
  }

  @Test
  void customer_mayReplayUnsureAndDeadMails_aFewTimesADay_andNoSentOnes() {
    UUID sent = ended(MailOutcome.SENT);
    assertThatThrownBy(() -> recipients.replay(sent)).isInstanceOf(RequestRefusedException.class);
    UUID dead = ended(MailOutcome.DEAD);
    for (int i = 1; i <= MailLog.MOST_REPLAYS; i++) {
      replayAndFail(dead);
    }
    assertThatThrownBy(() -> recipients.replay(dead))
        .isInstanceOf(RequestRefusedException.class)
        .hasMessageContaining("3 times within 24 hours");
    world.advance(MailLog.REPLAY_TIME);
    replayAndFail(dead);
    world.recipients("").replay(sent);
    assertThat(take().orElseThrow().mailId()).isEqualTo(sent);
  }

  private void replayAndFail(UUID mail) {
    recipients.replay(mail);
    TakenMail taken = take().orElseThrow();
    assertThat(taken.mailId()).isEqualTo(mail);
    Instant now = world.instant();
    world
        .database()
        .useTransaction(handle -> MailLines.done(handle, taken, MailOutcome.DEAD, null, now, now));
  }

  @Test
  void mutedKind_staysEnded_whenOthersChangeTheAddressOrAddItAgain() {
    mute();
    assertThat(recipients.change(reader, List.of("subscription.*"), null).muted())
        .containsExactly(KIND.text());
    recipients.remove(reader);
    MailRecipient again = recipients.add(ADDRESS.toUpperCase(Locale.ROOT), List.of("*"), null);
    assertThat(again.muted()).containsExactly(KIND.text());
    recipients.remove(again.id());
    assertThat(recipients.add(ADDRESS, List.of("*"), null).muted()).containsExactly(KIND.text());
    assertThat(recipients.add("two@acme.example", List.of("*"), null).muted()).isEmpty();
    happens(KIND);
    assertThat(take().orElseThrow().address()).isEqualTo("two@acme.example");
    assertThat(take()).isEmpty();
  }

  @Test
  void replay_ofAnEarlierMail_waitsForALaterOneThatIsUnderWay() {
    UUID first = ended(MailOutcome.DEAD);
    happens(KIND);
    TakenMail second = take().orElseThrow();
    recipients.replay(first);
    assertThat(take()).isEmpty();
    Instant now = world.instant();
    boolean isSending = world.database().inTransaction(handle -> MailLines.sending(handle, second));
    assertThat(isSending).isTrue();
    assertThat(take()).isEmpty();
    world
        .database()
        .useTransaction(handle -> MailLines.done(handle, second, MailOutcome.SENT, null, now, now));
    assertThat(take().map(TakenMail::mailId)).contains(first);
  }

  @Test
  void address_thatIsRemoved_isErased_andItsHashStaysForEndedKindsAlone() {
    UUID other = recipients.add("two@acme.example", List.of("*"), null).id();
    mute();
    recipients.remove(reader);
    recipients.remove(other);
    assertThat(
            world.count(
                "SELECT count(*) FROM mail_recipient WHERE state = 'removed' AND address = ''"))
        .isEqualTo(2);
    assertThat(world.count("SELECT count(*) FROM mail_recipient WHERE address_hash IS NOT NULL"))
        .isEqualTo(1);
    assertThat(recipients.all()).isEmpty();
  }

  @Test
  void mail_addedWhileItsAddressWasRemoved_isNotTaken_andEndsSoon() throws Exception {
    happens(KIND);
    // As a notice does whose transaction has read the address before its removal.
    UUID added = mails("pending").get(0).mailId();
    recipients.remove(reader);
    world
        .world()
        .execute("UPDATE mail_delivery SET state = 'pending' WHERE mail_id = '" + added + "'");
    assertThat(take()).isEmpty();
    world.upkeep().run();
    assertThat(mails("dead"))
        .singleElement()
        .satisfies(each -> assertThat(each.problem()).contains("no longer wants"));
  }
}
