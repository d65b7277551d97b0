package io.billingsdk.server.notifications;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.notifications.WebhookLines.AttemptResult;
import io.billingsdk.server.notifications.WebhookLines.TakenWebhook;
import io.billingsdk.server.notifications.WebhookTransport.Answer;
import io.billingsdk.server.notifications.WebhookTransport.Outgoing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends webhooks, one at a time for each caller. Thread-safe. */
final class WebhookSender implements DeliveryWork {
  private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);

  /** Longer than a request may take; afterwards another server may take it. */
  private static final Duration TAKEN = Duration.ofMinutes(2);

  private static final int GONE = 410;

  private final Database database;
  private final WebhookSecrets secrets;
  private final WebhookTransport transport;
  private final InstantSource clock;
  private final NotificationCounts counts;

  WebhookSender(
      Database database,
      WebhookSecrets secrets,
      WebhookTransport transport,
      InstantSource clock,
      NotificationCounts counts) {
    this.database = database;
    this.secrets = secrets;
    this.transport = transport;
    this.clock = clock;
    this.counts = counts;
  }

  @Override
  public boolean doNext() throws InterruptedException {
    Instant now = now();
    Optional<TakenWebhook> next =
        database.inTransaction(handle -> WebhookLines.take(handle, now, now.plus(TAKEN)));
    if (next.isPresent()) {
      deliver(next.get(), now);
    }
    return next.isPresent();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void deliver(TakenWebhook taken, Instant at) throws InterruptedException {
    List<byte[]> keys = keys(taken.endpointId(), at);
    long began = System.nanoTime();
    Answer answer =
        keys.isEmpty()
            ? Answer.none("its secret was encrypted by another installation; rotate it")
            : transport.send(outgoing(taken, keys, at));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    AttemptResult result =
        new AttemptResult(at, took, answer.status(), answer.problem(), answer.body());
    Instant now = now();
    database.useTransaction(handle -> note(handle, taken, result, now));
    counts.webhook(answer.problem() == null);
  }

  private List<byte[]> keys(String endpointId, Instant at) {
    List<byte[]> keys = new ArrayList<>();
    for (byte[] each : database.read(handle -> EndpointRows.secrets(handle, endpointId, at))) {
      secrets.open(endpointId, each).ifPresent(keys::add);
    }
    return keys;
  }

  /** The time of the signature is that of the attempt: a receiver refuses an old one. */
  private static Outgoing outgoing(TakenWebhook taken, List<byte[]> keys, Instant at) {
    Notice notice = taken.notice();
    byte[] body = taken.format().body(notice);
    String id = notice.messageId();
    return new Outgoing(taken.url(), id, at, WebhookSignature.of(keys, id, at, body), body);
  }

  private static void note(Handle handle, TakenWebhook taken, AttemptResult result, Instant now) {
    WebhookEndpoint endpoint = EndpointRows.require(handle, taken.endpointId());
    if (result.problem() == null) {
      boolean unused = WebhookLines.delivered(handle, taken, result, now);
      EndpointHealth.succeeded(handle, endpoint, now);
      return;
    }
    Instant next = now.plus(RetrySchedule.after(taken.failures() + 1));
    boolean isLast = next.isAfter(taken.deadline());
    if (WebhookLines.failed(handle, taken, result, now, isLast ? null : next) && isLast) {
      log.warn(
          "the webhook {} to {} is a dead letter after three days; its last problem: {}",
          taken.notice().messageId(),
          taken.endpointId(),
          result.problem());
    }
    boolean isGone = result.status() != null && result.status() == GONE;
    EndpointHealth.failed(handle, endpoint, now, isGone, result.problem());
  }
}
