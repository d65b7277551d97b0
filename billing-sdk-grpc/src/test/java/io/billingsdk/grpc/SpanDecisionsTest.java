package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Caller;
import io.billingsdk.DenialReason;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SpanDecisionsTest {
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(new Recording()).build();

  @Test
  void decided_allowed_namesKeyAndApp() {
    Span span = decided(CallDecision.allowed(method(), caller()));
    assertThat(attribute(span, "billing.decision")).isEqualTo("allowed");
    assertThat(attribute(span, "billing.key_id")).isEqualTo("k_1");
    assertThat(attribute(span, "billing.app_id")).isEqualTo("app-1");
    assertThat(attribute(span, "billing.denial_reason")).isNull();
    assertThat(span.toString()).doesNotContain("the-key");
  }

  @Test
  void decided_denied_saysWhy() {
    Span span = decided(CallDecision.denied(method(), null, DenialReason.BLOCKED));
    assertThat(attribute(span, "billing.decision")).isEqualTo("denied");
    assertThat(attribute(span, "billing.denial_reason")).isEqualTo("blocked");
    assertThat(attribute(span, "billing.key_id")).isNull();
  }

  @Test
  void decided_withoutASpan_doesNothing() {
    new SpanDecisions().decided(CallDecision.withoutKey(method()));
    assertThat(Span.current().isRecording()).isFalse();
  }

  private Span decided(CallDecision decision) {
    Span span = provider.get("test").spanBuilder("call").startSpan();
    try (Scope current = span.makeCurrent()) {
      assertThat(current).isNotNull();
      new SpanDecisions().decided(decision);
    } finally {
      span.end();
    }
    return span;
  }

  private static MethodDescriptor<?, ?> method() {
    return EchoService.method(MethodType.UNARY);
  }

  private static Caller caller() {
    return Caller.of("the-key", "k_1", "app-1");
  }

  /** Without a processor a provider makes spans that record nothing. */
  private static final class Recording implements SpanProcessor {
    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return false;
    }
  }

  private static @Nullable String attribute(Span span, String name) {
    return ((ReadableSpan) span).getAttribute(AttributeKey.stringKey(name));
  }
}
