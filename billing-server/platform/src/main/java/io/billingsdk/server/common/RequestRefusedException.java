package io.billingsdk.server.common;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request that the server understands and refuses: its sender can change it. {@link #kind()} says
 * why, {@link #field()} names the part that is meant. Immutable.
 */
public final class RequestRefusedException extends ServerException {
  private static final long serialVersionUID = 1L;

  /** Why a request is refused. */
  public enum Kind {
    /** A value is not acceptable; {@link #expected()} says what it must be. */
    INVALID,
    /** The named thing is not there; {@link #field()} says by what it was named. */
    NOT_FOUND,
    /** The request conflicts with existing data. */
    CONFLICT,
    /** Its idempotency key belongs to another request. */
    KEY_REUSED
  }

  private final Kind kind;
  private final String field;
  private final @Nullable String expected;

  private RequestRefusedException(
      Kind kind, String field, @Nullable String expected, String message) {
    super(message, null);
    this.kind = kind;
    this.field = field;
    this.expected = expected;
  }

  /** A value is not acceptable: "{@code field} must be {@code expected}". */
  public static RequestRefusedException invalid(String field, String expected) {
    return new RequestRefusedException(
        Kind.INVALID, field, expected, field + " must be " + expected);
  }

  /** Nothing is there under the name that {@code field} has. */
  public static RequestRefusedException notFound(String field, String message) {
    return new RequestRefusedException(Kind.NOT_FOUND, field, null, message);
  }

  /** The value of {@code field} contradicts what is there. */
  public static RequestRefusedException conflict(String field, String message) {
    return new RequestRefusedException(Kind.CONFLICT, field, null, message);
  }

  /** The idempotency key in {@code field} belongs to another request. */
  public static RequestRefusedException keyReused(String field, String message) {
    return new RequestRefusedException(Kind.KEY_REUSED, field, null, message);
  }

  /** Why it is refused. */
  public Kind kind() {
    return kind;
  }

  /** The part of the request that is meant. */
  public String field() {
    return field;
  }

  /**
   * The expectation that an invalid value does not meet.
   *
   * @throws IllegalStateException when the kind is another
   */
  public String expected() {
    if (kind != Kind.INVALID) {
      throw new IllegalStateException("only an invalid value has an expectation: " + kind);
    }
    return Objects.requireNonNull(expected, "invalid");
  }
}
