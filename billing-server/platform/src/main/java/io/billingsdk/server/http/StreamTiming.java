package io.billingsdk.server.http;

import java.time.Duration;

/**
 * How long a line may be silent.
 *
 * @param idle after which a connection is ended on which nothing moves, either way, or on which no
 *     head of a request has come
 * @param beat how often a stream of lines that waits says how far it is: it must be shorter than
 *     {@code idle}, and than what proxies wait for an answer, which is a minute in most
 * @param silence how long a stream of lines may send nothing
 */
public record StreamTiming(Duration idle, Duration beat, Duration silence) {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration BEAT = Duration.ofSeconds(10);

  /** After which the pace of a body is looked at: it may begin slowly. */
  Duration grace() {
    return idle.dividedBy(3);
  }

  public static StreamTiming of(Duration silence) {
    return new StreamTiming(IDLE, BEAT, silence);
  }
}
