package io.billingsdk.server.notifications;

import io.billingsdk.server.notifications.WebhookEndpoint.State;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Disables an endpoint that nothing has reached for days, and says so. */
final class EndpointHealth {
  /** How long an endpoint may fail. */
  static final Duration PATIENCE = Duration.ofDays(5);

  /**
   * An attempt more than this ago says nothing of the time between: the pauses of retries are
   * shorter. So one failure does not disable an endpoint that had no notices for days.
   */
  static final Duration QUIET = Duration.ofDays(1);

  private static final Logger log = LoggerFactory.getLogger(EndpointHealth.class);
  private static final String SERVER = "server";

  private EndpointHealth() {}

  static void succeeded(Handle handle, WebhookEndpoint endpoint, Instant now) {
    if (endpoint.failingSince() != null) {
      EndpointRows.update(handle, with(endpoint, endpoint.state(), null, null, null));
      WebhookLines.hurry(handle, endpoint.id(), now);
    }
  }

  static void failed(
      Handle handle, WebhookEndpoint endpoint, Instant now, boolean isGone, String problem) {
    if (endpoint.state() != State.ENABLED) {
      return;
    }
    Instant since = failingSince(endpoint, now);
    if (isGone || !now.isBefore(since.plus(PATIENCE))) {
      EndpointRows.update(handle, with(endpoint, State.DISABLED, problem, since, now));
      sayDisabled(handle, endpoint, since, problem);
    } else {
      EndpointRows.update(handle, with(endpoint, State.ENABLED, null, since, now));
    }
  }

  private static Instant failingSince(WebhookEndpoint endpoint, Instant now) {
    Instant since = endpoint.failingSince();
    Instant last = endpoint.lastFailureAt();
    return since == null || last == null || last.isBefore(now.minus(QUIET)) ? now : since;
  }

  private static void sayDisabled(
      Handle handle, WebhookEndpoint endpoint, Instant since, String problem) {
    log.warn("the webhook endpoint {} is disabled: {}", endpoint.id(), problem);
    Map<String, Object> payload = new LinkedHashMap<>();
    if (!endpoint.customer().isEmpty()) {
      payload.put("customerId", endpoint.customer());
    }
    payload.put("endpointId", endpoint.id());
    payload.put("host", WebhookUrl.shownHost(endpoint.url()));
    payload.put("problem", problem);
    payload.put("failingSince", since.toString());
    Outbox.add(
        handle,
        DomainEvent.of(
            NoticeKind.ENDPOINT_DISABLED.text(), "webhook/" + endpoint.id(), payload, SERVER));
  }

  private static WebhookEndpoint with(
      WebhookEndpoint old,
      State state,
      @Nullable String problem,
      @Nullable Instant since,
      @Nullable Instant last) {
    return new WebhookEndpoint(
        old.id(),
        old.customer(),
        old.url(),
        old.kinds(),
        old.format(),
        state,
        problem,
        old.oldSecretUntil(),
        since,
        last,
        old.createdAt());
  }
}
