package io.billingsdk.server.notifications;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.notifications.MailLines.MailOutcome;
import io.billingsdk.server.notifications.MailLines.TakenMail;
import io.billingsdk.server.notifications.SmtpServer.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends mails, one at a time for each caller. Thread-safe. */
final class MailSender implements DeliveryWork {
  private static final Logger log = LoggerFactory.getLogger(MailSender.class);

  /** Longer than all waits for an SMTP server together: a dozen short ones, and a long one. */
  static final Duration TAKEN = Duration.ofMinutes(10);

  private final Database database;
  private final MailWriter writer;
  private final SmtpServer server;
  private final InstantSource clock;
  private final NotificationCounts counts;
  private volatile boolean stopping;

  MailSender(
      Database database,
      MailWriter writer,
      SmtpServer server,
      InstantSource clock,
      NotificationCounts counts) {
    this.database = database;
    this.writer = writer;
    this.server = server;
    this.clock = clock;
    this.counts = counts;
  }

  @Override
  public boolean doNext() {
    Instant now = now();
    Optional<TakenMail> next =
        database.inTransaction(handle -> MailLines.take(handle, now, now.plus(TAKEN)));
    next.ifPresent(each -> deliver(each, now));
    return next.isPresent();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void deliver(TakenMail taken, Instant at) {
    Reply reply =
        server.send(
            taken.mailId(), taken.address(), writer.write(taken), at, () -> isToSend(taken));
    if (reply instanceof Reply.Accepted) {
      note(taken, MailOutcome.SENT, null);
    } else if (reply instanceof Reply.Unsure unsure) {
      note(taken, MailOutcome.UNSURE, unsure.problem());
    } else if (reply instanceof Reply.SmtpRefused refused) {
      boolean isLast =
          refused.permanent()
              || now().plus(RetrySchedule.after(taken.failures() + 1)).isAfter(taken.deadline());
      note(taken, isLast ? MailOutcome.DEAD : MailOutcome.PENDING, refused.problem());
    } else {
      database.useTransaction(handle -> MailLines.giveBack(handle, taken));
    }
  }

  /** A mail that the SMTP server gets while this one ends might become unsure. */
  private boolean isToSend(TakenMail taken) {
    return !stopping && database.inTransaction(handle -> MailLines.sending(handle, taken));
  }

  @Override
  public void stop() {
    stopping = true;
  }

  private void note(TakenMail taken, MailOutcome outcome, @Nullable String problem) {
    Instant now = now();
    Instant next =
        outcome == MailOutcome.PENDING ? now.plus(RetrySchedule.after(taken.failures() + 1)) : now;
    database.useTransaction(handle -> MailLines.done(handle, taken, outcome, problem, now, next));
    counts.mail(outcome == MailOutcome.SENT);
    if (outcome == MailOutcome.DEAD || outcome == MailOutcome.UNSURE) {
      log.warn("the mail {} is {}: {}", taken.mailId(), outcome.text(), problem);
    }
  }
}
