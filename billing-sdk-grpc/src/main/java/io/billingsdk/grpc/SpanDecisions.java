package io.billingsdk.grpc;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.util.Locale;

/**
 * Writes the decision about a call to the current span of OpenTelemetry: {@code billing.decision}
 * ({@code allowed}, {@code without_key} or {@code denied}), {@code billing.denial_reason} (such as
 * {@code blocked}), and, where the caller is known, {@code billing.key_id} and {@code
 * billing.app_id}. Never a key.
 *
 * <p>The span is the one that is current when the key check runs, so the tracing has to run outside
 * the check. Without a span it does nothing. Needs {@code opentelemetry-api} from the service.
 * Thread-safe.
 */
public final class SpanDecisions implements DecisionListener {
  private static final AttributeKey<String> DECISION = AttributeKey.stringKey("billing.decision");
  private static final AttributeKey<String> REASON =
      AttributeKey.stringKey("billing.denial_reason");
  private static final AttributeKey<String> KEY_ID = AttributeKey.stringKey("billing.key_id");
  private static final AttributeKey<String> APP_ID = AttributeKey.stringKey("billing.app_id");

  /** Has no state: one serves all interceptors. */
  public SpanDecisions() {}

  @Override
  public void decided(CallDecision decision) {
    Span span = Span.current();
    if (!span.isRecording()) {
      return;
    }
    span.setAttribute(DECISION, lowerCase(decision.result()));
    decision.reason().ifPresent(reason -> span.setAttribute(REASON, lowerCase(reason)));
    decision
        .caller()
        .ifPresent(
            caller -> {
              span.setAttribute(KEY_ID, caller.keyId());
              span.setAttribute(APP_ID, caller.appId());
            });
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
