package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds a {@link MeteringInterceptor}. Strict and early. Not thread-safe. */
public final class MeteringInterceptorBuilder {
  private final Map<String, Metering<?, ?>> methods = new HashMap<>();
  private final List<DecisionListener> listeners = new ArrayList<>();
  private BillOn billOn = BillOn.OK_OR_CANCELLED;
  private double minimumOnFailure;
  private int settleEveryMessages = Integer.MAX_VALUE;
  private @Nullable Duration settleEvery;
  private boolean strict;

  MeteringInterceptorBuilder() {}

  /**
   * Meters a method, which the generated code names: {@code LlmGrpc.getCompleteMethod()}. Others
   * are not metered.
   *
   * @throws IllegalArgumentException when it is metered already
   */
  public <Q, R> MeteringInterceptorBuilder method(
      MethodDescriptor<Q, R> method, Metering<? super Q, ? super R> metering) {
    requireNonNull(metering, "metering");
    if (methods.putIfAbsent(method.getFullMethodName(), metering) != null) {
      throw new IllegalArgumentException(
          "method: " + method.getFullMethodName() + " is metered already");
    }
    return this;
  }

  /**
   * Selects the calls that are charged their measured usage. Default: {@link
   * BillOn#OK_OR_CANCELLED}.
   */
  public MeteringInterceptorBuilder billOn(BillOn which) {
    billOn = requireNonNull(which, "billOn");
    return this;
  }

  /**
   * The least charge of a call that did not end with OK, in the unit of its module. Default: 0.
   *
   * @throws IllegalArgumentException when it is negative or not finite
   */
  public MeteringInterceptorBuilder minimumOnFailure(double usage) {
    if (!(usage >= 0) || Double.isInfinite(usage)) {
      throw new IllegalArgumentException(
          "minimumOnFailure must be finite and at least 0, but was " + usage);
    }
    minimumOnFailure = usage;
    return this;
  }

  /**
   * Reports a part of a streaming call after each so many messages, requests and responses
   * together. Default: only at its end.
   *
   * @throws IllegalArgumentException when it is below 1
   */
  public MeteringInterceptorBuilder settleEveryMessages(int messages) {
    if (messages < 1) {
      throw new IllegalArgumentException(
          "settleEveryMessages must be at least 1, but was " + messages);
    }
    settleEveryMessages = messages;
    return this;
  }

  /**
   * Reports a part of a streaming call at this interval, on a thread of its own, {@code
   * billing-metering}. Default: only at its end.
   *
   * @throws IllegalArgumentException when it is below 10 ms
   */
  public MeteringInterceptorBuilder settleEvery(Duration interval) {
    if (interval.compareTo(Duration.ofMillis(10)) < 0) {
      throw new IllegalArgumentException("settleEvery must be at least 10ms, but was " + interval);
    }
    settleEvery = interval;
    return this;
  }

  /**
   * Whether a call is closed only when its usage is on disk: see {@link
   * io.billingsdk.BillingClient#reportDurably}. When it cannot be stored, the call ends with
   * UNAVAILABLE and the reason {@code USAGE_NOT_DURABLE} instead of OK. Default: false.
   */
  public MeteringInterceptorBuilder strict(boolean on) {
    strict = on;
    return this;
  }

  /** A listener for calls that are refused for their model. May be given several times. */
  public MeteringInterceptorBuilder listener(DecisionListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * The interceptor.
   *
   * @throws IllegalArgumentException when no method is metered
   */
  public MeteringInterceptor build() {
    if (methods.isEmpty()) {
      throw new IllegalArgumentException("method: at least one method must be metered");
    }
    FaultLog faults = new FaultLog();
    return new MeteringInterceptor(
        Map.copyOf(methods),
        new MeteringRules(billOn, minimumOnFailure, settleEveryMessages, strict),
        settleEvery == null ? IntervalCharge.NONE : new IntervalCharge(settleEvery),
        new Decisions(listeners, faults),
        faults,
        System::nanoTime);
  }
}
