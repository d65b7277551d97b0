package io.billingsdk.server.http;

import io.billingsdk.protocol.KeyMask;
import io.billingsdk.server.http.Route.Handler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a request was not done, as RFC 9457 has it. Holds neither secrets nor what goes on inside.
 *
 * @param type a URI reference that names the kind
 * @param title the kind in words
 * @param detail what it is in this case
 * @param field the part of the request that is meant: a field of the body, a parameter, a header
 * @param expected what that part must be; null where the detail says all
 */
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String field,
    @Nullable String expected) {
  public static final String CONTENT_TYPE = "application/problem+json";

  /** What it says may come from the request: a key that was in there is not said again. */
  public Problem {
    detail = KeyMask.masked(detail);
    field = field == null ? null : KeyMask.masked(field);
  }

  /** A part of the request is not acceptable. */
  public static Problem invalid(String field, String expected) {
    return new Problem(
        "/problems/invalid-field",
        "A part of the request is not acceptable",
        400,
        field + " must be " + expected,
        field,
        expected);
  }

  public static Problem malformedBody(String detail) {
    return new Problem(
        "/problems/malformed-body",
        "The body cannot be read",
        400,
        detail,
        "body",
        "a JSON object in UTF-8");
  }

  static Problem unauthenticated(String detail) {
    return new Problem(
        "/problems/unauthenticated",
        "A valid token is needed",
        401,
        detail,
        "Authorization",
        "Bearer and a token");
  }

  public static Problem forbidden(String detail) {
    return new Problem(
        "/problems/forbidden", "The token does not allow this", 403, detail, "Authorization", null);
  }

  public static Problem notFound(String field, String detail) {
    return new Problem("/problems/not-found", "Not found", 404, detail, field, null);
  }

  public static Problem conflict(@Nullable String field, String detail) {
    return new Problem(
        "/problems/conflict", "The request conflicts with existing data", 409, detail, field, null);
  }

  static Problem keyReused(String detail) {
    return new Problem(
        "/problems/idempotency-key-reused",
        "The Idempotency-Key belongs to another request",
        422,
        detail,
        StoredResponse.HEADER,
        "a key of this request alone");
  }

  static Problem unavailable() {
    return new Problem(
        "/problems/unavailable",
        "The database does not answer",
        503,
        "a change may or may not have been made; repeat it with the same Idempotency-Key",
        null,
        null);
  }

  /** An event is refused for good, and kept with the reason. */
  public static Problem rejected(String field, String detail) {
    return new Problem(
        "/problems/event-rejected", "The event was rejected", 400, detail, field, null);
  }

  /** The key of an event is that of another, with other content. */
  public static Problem eventConflict(String field, String detail) {
    return new Problem(
        "/problems/event-conflict",
        "Another event with this identity is counted",
        409,
        detail + "; this one is not counted, and kept under /conflicting",
        field,
        "of this event alone");
  }

  /** A stream of lines ends before its end. */
  public static Problem streamCut(int status, String why) {
    return new Problem(
        "/problems/stream-cut",
        "The stream was cut",
        status,
        why + "; send again what comes after the line of through",
        "body",
        null);
  }

  /** A rejected event cannot be taken in again as it was kept. */
  public static Problem notReplayable(String why) {
    return new Problem(
        "/problems/not-replayable",
        "The event cannot be replayed as it was kept",
        422,
        why,
        "body",
        "an event to be stored in its place");
  }

  /** Usage cannot be stored now. */
  public static Problem notStored(String detail) {
    return new Problem(
        "/problems/unavailable",
        "Usage cannot be stored now",
        503,
        detail + "; send it again with the same idempotency key",
        null,
        null);
  }

  static Problem tooManyRequests(String detail, String expected) {
    return new Problem(
        "/problems/too-many-requests",
        "The caller sends too many requests",
        429,
        detail,
        "Authorization",
        expected);
  }

  /** Too many requests without a token come from one address. */
  static Problem tooManyFromAddress(String detail, String expected) {
    return new Problem(
        "/problems/too-many-requests",
        "The caller sends too many requests",
        429,
        detail,
        "address",
        expected);
  }

  /** The body of a request comes too slowly. */
  static Problem tooSlow(Body.Pace pace) {
    return new Problem(
        "/problems/too-slow",
        "The body comes too slowly",
        408,
        "the body came too slowly",
        "body",
        "at least "
            + pace.bytesPerSecond()
            + " bytes a second after the first "
            + pace.grace().toSeconds()
            + " seconds");
  }

  /** A text that cannot be more than a line. */
  public static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }

  public static Problem busy(String detail) {
    return new Problem("/problems/busy", "Too many at once", 503, detail, null, null);
  }

  public static Problem internal() {
    return new Problem(
        "/problems/internal",
        "The server has an internal fault",
        500,
        "the log of the server has the cause",
        null,
        null);
  }

  static Problem contentEncoding() {
    return new Problem(
        "/problems/unsupported-media-type",
        "The encoding of the body is not supported",
        415,
        "Content-Encoding must be gzip, or left out",
        "Content-Encoding",
        "gzip, or left out");
  }

  static Problem charset() {
    return new Problem(
        "/problems/unsupported-media-type",
        "The charset of the body is not supported",
        415,
        "the charset of Content-Type must be utf-8, or left out",
        "Content-Type",
        "a type with the charset utf-8, or without one");
  }

  public static Problem mediaType(String expected) {
    return new Problem(
        "/problems/unsupported-media-type",
        "The type of the body is not supported",
        415,
        "Content-Type must be " + expected,
        "Content-Type",
        expected);
  }

  /** One that HTTP itself has a status for. */
  public static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> notFound("path", "there is nothing at this path");
      case 405 ->
          new Problem(
              "/problems/method-not-allowed",
              "The path does not support this method",
              405,
              "the path exists, but not with this method",
              "method",
              null);
      case 413 ->
          new Problem(
              "/problems/too-large",
              "The body is too large",
              413,
              "the body is too large",
              "body",
              "at most " + Request.BODY_BYTES + " bytes");
      case 415 -> mediaType("application/json");
      default -> {
        // Methods and versions of HTTP that are not known have a status above 500, and no fault of
        // ours.
        if (status >= 500 && status != 501 && status != 505) {
          yield internal();
        }
        yield new Problem(
            "/problems/bad-request",
            "The request is not acceptable",
            status,
            "the request cannot be understood as HTTP",
            "request",
            "a well-formed request of HTTP");
      }
    };
  }

  /** The request ends with a problem, which a {@link Handler} throws and its caller reads. */
  public static final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final Duration retryAfter;

    /** The problem alone. */
    public ProblemException(Problem problem) {
      this(problem, Duration.ZERO);
    }

    /**
     * The same.
     *
     * @param retryAfter when it is worth another try; zero says nothing of it
     */
    public ProblemException(Problem problem, Duration retryAfter) {
      super(problem.detail());
      this.problem = problem;
      this.retryAfter = retryAfter;
    }

    /** The problem that the caller reads. */
    public Problem problem() {
      return problem;
    }

    Duration retryAfter() {
      return retryAfter;
    }
  }
}
