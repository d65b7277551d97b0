package io.billingsdk.grpc;

import com.google.protobuf.MessageLite;
import io.billingsdk.GenAiUsage;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Measures the usage of a method: creates one {@link CallMeter} per call. Thread-safe.
 *
 * @param <Q> requests
 * @param <R> responses
 */
@FunctionalInterface
public interface UsageExtractor<Q, R> {

  /** A meter for a call that begins. */
  CallMeter<Q, R> open();

  /** The value in the last response: totals that a service counts itself, such as tokens. */
  static <Q, R> UsageExtractor<Q, R> lastResponse(ToDoubleFunction<? super R> usage) {
    return () -> new SummingMeter<>(request -> 0, usage, SummingMeter.Keep.LAST_RESPONSE);
  }

  /**
   * What the last response says, in several quantities: one event has all of them.
   *
   * @param quantities by name, as {@link CallMeter#quantities} says
   */
  static <Q, R> UsageExtractor<Q, R> lastResponse(
      ToDoubleFunction<? super R> usage,
      Function<? super R, ? extends Map<String, BigDecimal>> quantities) {
    return () -> new LastResponseMeter<>(usage, quantities);
  }

  /**
   * The tokens that the answer of a generative model took, from one response or from those of a
   * stream together, as {@link GenAiUsage#then} puts them together: the usage is their total, the
   * quantities are those of {@link GenAiUsage#quantities}.
   *
   * @param usage of a response; empty for one that says nothing of tokens
   */
  static <Q, R> UsageExtractor<Q, R> genAi(Function<? super R, GenAiUsage> usage) {
    return () -> new GenAiMeter<>(usage);
  }

  /** The sum of what each response says. */
  static <Q, R> UsageExtractor<Q, R> sumOfResponses(ToDoubleFunction<? super R> usage) {
    return () -> new SummingMeter<>(request -> 0, usage, SummingMeter.Keep.SUM);
  }

  /** The sum of the values in the requests. */
  static <Q, R> UsageExtractor<Q, R> sumOfRequests(ToDoubleFunction<? super Q> usage) {
    return () -> new SummingMeter<>(usage, response -> 0, SummingMeter.Keep.SUM);
  }

  /** The number of responses. */
  static <Q, R> UsageExtractor<Q, R> countResponses() {
    return sumOfResponses(response -> 1);
  }

  /** The number of requests. */
  static <Q, R> UsageExtractor<Q, R> countRequests() {
    return sumOfRequests(request -> 1);
  }

  /** Bytes of the requests, as protobuf encodes them, without gRPC's framing and compression. */
  static <Q extends MessageLite, R> UsageExtractor<Q, R> requestBytes() {
    return sumOfRequests(MessageLite::getSerializedSize);
  }

  /** Bytes of the responses, as protobuf encodes them, without gRPC's framing and compression. */
  static <Q, R extends MessageLite> UsageExtractor<Q, R> responseBytes() {
    return sumOfResponses(MessageLite::getSerializedSize);
  }

  /** Seconds from the start of the call to its end. */
  static <Q, R> UsageExtractor<Q, R> seconds() {
    return () -> elapsedSeconds -> elapsedSeconds;
  }
}
