package io.billingsdk.grpc;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Measures one call. Its methods are called one at a time, on any thread.
 *
 * <p>An exception of it does not reach the call: the interceptor stops asking it and charges its
 * last measurement, and the events say {@code measured: false}.
 *
 * @param <Q> requests
 * @param <R> responses
 */
public interface CallMeter<Q, R> {

  /** The handler is about to see a request. */
  default void request(Q request) {}

  /** A response was sent. */
  default void response(R response) {}

  /**
   * The usage until now: finite and not negative. It may be asked more than once, and should not
   * fall: an interim event is not taken back.
   *
   * @param elapsedSeconds since the call began
   */
  double usage(double elapsedSeconds);

  /**
   * What else was measured until now, by name, beside {@link #usage}: the input and the output
   * tokens of a call, say. {@link io.billingsdk.Quantities} has the names that everybody should
   * use, {@link io.billingsdk.UsageEvent} the bounds. Like the usage each number is the total of
   * the call, may be asked for more than once, and should not fall; an event says what has come
   * since the one before. The quantities of a call are charged when its measured usage is, as
   * {@link BillOn} says; {@link MeteringInterceptorBuilder#minimumOnFailure} adds none.
   *
   * @param elapsedSeconds since the call began
   */
  default Map<String, BigDecimal> quantities(double elapsedSeconds) {
    return Map.of();
  }

  /** What else the next event is to say, within the bounds of {@link io.billingsdk.UsageEvent}. */
  default Map<String, ?> metadata() {
    return Map.of();
  }
}
