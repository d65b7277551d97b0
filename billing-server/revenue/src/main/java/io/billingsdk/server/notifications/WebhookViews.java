package io.billingsdk.server.notifications;

import io.billingsdk.server.notifications.WebhookEndpoints.NewSecret;
import io.billingsdk.server.notifications.WebhookLog.Attempt;
import io.billingsdk.server.notifications.WebhookLog.Delivery;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Endpoints and deliveries as the API shows them. */
final class WebhookViews {
  private WebhookViews() {}

  record EndpointView(
      String endpointId,
      @Nullable String customerId,
      String url,
      List<String> kinds,
      String format,
      String state,
      @Nullable String problem,
      @Nullable Instant oldSecretUntil,
      @Nullable Instant failingSince,
      Instant createdAt,
      @Nullable String secret) {
    static EndpointView of(WebhookEndpoint endpoint) {
      return of(endpoint, null);
    }

    /** The one answer that has the secret. */
    static EndpointView of(NewSecret made) {
      return of(made.endpoint(), made.secret());
    }

    private static EndpointView of(WebhookEndpoint endpoint, @Nullable String secret) {
      return new EndpointView(
          endpoint.id(),
          endpoint.customer().isEmpty() ? null : endpoint.customer(),
          endpoint.url(),
          endpoint.kinds(),
          endpoint.format().text(),
          endpoint.state().text(),
          endpoint.problem(),
          endpoint.oldSecretUntil(),
          endpoint.failingSince(),
          endpoint.createdAt(),
          secret);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "EndpointView[" + endpointId + "]";
    }
  }

  record DeliveryView(
      String messageId,
      String kind,
      @Nullable String customerId,
      String state,
      int attempts,
      @Nullable Instant nextAttemptAt,
      @Nullable String problem,
      Instant createdAt,
      @Nullable Instant doneAt,
      List<Attempt> log) {
    static DeliveryView of(Delivery delivery) {
      return new DeliveryView(
          Notice.messageId(delivery.eventId()),
          delivery.kind(),
          delivery.customer().isEmpty() ? null : delivery.customer(),
          delivery.state(),
          delivery.attempts(),
          delivery.state().equals("pending") ? delivery.nextAttemptAt() : null,
          delivery.problem(),
          delivery.createdAt(),
          delivery.doneAt(),
          delivery.log());
    }
  }

  record ReplayView(int replayed) {}
}
