package io.billingsdk.server.http;

import java.time.Duration;
import java.util.Map;

/** What a route answers. */
public sealed interface ApiResponse {
  /** So goes all that is JSON. */
  String JSON = "application/json";

  /** After which a database that did not answer is worth another try. */
  Duration UNAVAILABLE = Duration.ofSeconds(5);

  /** Bytes. */
  final class Whole implements ApiResponse {
    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers;

    /** The body is not copied: its maker must leave it as it is. */
    public Whole(int status, String contentType, byte[] body, Map<String, String> headers) {
      this.status = status;
      this.contentType = contentType;
      this.body = body;
      this.headers = Map.copyOf(headers);
    }

    public int status() {
      return status;
    }

    public String contentType() {
      return contentType;
    }

    public byte[] body() {
      return body;
    }

    public Map<String, String> headers() {
      return headers;
    }
  }

  /**
   * A body that is written as it comes to be, until that ends, the caller goes away, or the rights
   * of the caller end.
   *
   * @param opener of what writes it
   * @param end run in any case, also when nothing could be written
   */
  record Streamed(String contentType, Opener opener, Runnable end) implements ApiResponse {
    /** The same, and something more to be run in any case. */
    Streamed andThen(Runnable more) {
      return new Streamed(
          contentType,
          opener,
          () -> {
            end.run();
            more.run();
          });
    }
  }

  /** Opens what writes a streamed answer. */
  @FunctionalInterface
  interface Opener {
    /** Opens it; it is begun afterwards. */
    Streaming open(LastingExchange lastingExchange);
  }

  /** 200 with a value as JSON. */
  static ApiResponse ok(Object value) {
    return ok(value, Map.of());
  }

  /** 200 with a value as JSON, and headers that say more of it. */
  static ApiResponse ok(Object value, Map<String, String> headers) {
    return new Whole(200, JSON, Json.bytes(value), headers);
  }

  /** 201 with a value as JSON, and where it is from now on. */
  static ApiResponse created(String location, Object value) {
    return new Whole(201, JSON, Json.bytes(value), Map.of("Location", location));
  }

  /** A problem. */
  static Whole problem(Problem problem) {
    return problem(problem, UNAVAILABLE);
  }

  /**
   * A problem.
   *
   * @param retryAfter when it is worth another try, if it is
   */
  static Whole problem(Problem problem, Duration retryAfter) {
    Map<String, String> headers =
        switch (problem.status()) {
          case 401 -> Map.of("WWW-Authenticate", "Bearer realm=\"billing\"");
          // In whole seconds: rounded down, the next try would come too early.
          case 429, 503 -> Map.of("Retry-After", Long.toString(seconds(retryAfter)));
          default -> Map.of();
        };
    return new Whole(problem.status(), Problem.CONTENT_TYPE, Json.bytes(problem), headers);
  }

  private static long seconds(Duration time) {
    return Math.max(1, time.plusMillis(999).toSeconds());
  }

  /** An answer that comes to be. Thread-safe. */
  interface Streaming {
    /** Begins it; returns at once. */
    void begin();

    /** Ends it from outside, and says why, if it has not ended; returns at once. */
    void end(Problem why);

    /** The caller has gone. */
    void gone();
  }
}
