package io.billingsdk.server.providers;

import io.billingsdk.server.providers.EventRows.StoredEvent;
import io.billingsdk.server.providers.PageRows.StoredPage;
import io.billingsdk.server.providers.RefundRows.StoredRefund;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Charges and what belongs to them, as the API shows them. */
final class ProviderViews {
  private ProviderViews() {}

  record ProviderView(String provider, boolean isSandbox) {
    static ProviderView of(ProviderName name) {
      return new ProviderView(name.text(), name == ProviderName.SANDBOX);
    }
  }

  record ChargeView(
      String chargeId,
      String customerId,
      String provider,
      @Nullable String number,
      int attempt,
      String currency,
      String amount,
      String state,
      @Nullable String methodId,
      @Nullable String reference,
      @Nullable String declineClass,
      @Nullable String declineCode,
      @Nullable String url,
      @Nullable String paymentId,
      @Nullable String problem,
      Instant createdAt,
      Instant changedAt) {
    static ChargeView of(Charge charge) {
      return of(charge, /* isOperator= */ true);
    }

    /** The faults of our account are nothing to a customer. */
    static ChargeView of(Charge charge, boolean isOperator) {
      DeclineClass declined = charge.declineClass();
      return new ChargeView(
          charge.id(),
          charge.customer(),
          charge.provider().text(),
          charge.number(),
          charge.attempt(),
          charge.amount().currency(),
          charge.amount().amount().toPlainString(),
          charge.state().text(),
          charge.methodId(),
          charge.reference(),
          declined == null ? null : declined.text(),
          charge.declineCode(),
          charge.state() == ChargeState.REQUIRES_ACTION ? charge.actionUrl() : null,
          charge.paymentId(),
          isOperator ? charge.problem() : null,
          charge.createdAt(),
          charge.changedAt());
    }
  }

  record MethodView(
      String methodId,
      String customerId,
      String provider,
      String brand,
      String last4,
      @Nullable String expiresOn,
      boolean isDefault,
      Instant createdAt) {
    static MethodView of(SavedMethod method) {
      return new MethodView(
          method.id(),
          method.customer(),
          method.provider().text(),
          method.brand(),
          method.last4(),
          method.expiresOn() == null ? null : method.expiresOn().toString(),
          method.isDefault(),
          method.createdAt());
    }
  }

  record PageView(
      String pageId,
      String customerId,
      String provider,
      String state,
      @Nullable String url,
      @Nullable String problem,
      Instant createdAt) {
    static PageView of(StoredPage page) {
      return new PageView(
          page.id(),
          page.customer(),
          page.provider().text(),
          page.state(),
          page.url(),
          page.problem(),
          page.createdAt());
    }
  }

  record RefundView(
      String refundId,
      String paymentId,
      String customerId,
      String provider,
      String currency,
      String amount,
      String reason,
      String state,
      @Nullable String reference,
      @Nullable String problem,
      @Nullable String creditNote,
      Instant createdAt) {
    static RefundView of(StoredRefund refund) {
      return new RefundView(
          refund.id(),
          refund.paymentId(),
          refund.customer(),
          refund.provider().text(),
          refund.amount().currency(),
          refund.amount().amount().toPlainString(),
          refund.reason(),
          refund.state().text(),
          refund.reference(),
          refund.problem(),
          refund.creditNote(),
          refund.createdAt());
    }
  }

  record EventView(
      long position,
      String provider,
      String eventId,
      String kind,
      String state,
      @Nullable String reason,
      @Nullable String objectId,
      Instant receivedAt) {
    static EventView of(StoredEvent event) {
      return new EventView(
          event.position(),
          event.provider().text(),
          event.id(),
          event.kind(),
          event.state().text(),
          event.reason(),
          event.object(),
          event.receivedAt());
    }
  }

  /** What became of a webhook. */
  record TakenView(String state) {}
}
