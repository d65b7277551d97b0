package io.billingsdk.grpc;

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

  /** Metadata for the next event, within the bounds of {@link io.billingsdk.UsageEvent}. */
  default Map<String, ?> metadata() {
    return Map.of();
  }
}
