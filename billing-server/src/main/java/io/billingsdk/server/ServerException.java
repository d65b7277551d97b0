package io.billingsdk.server;

import org.jspecify.annotations.Nullable;

/**
 * The server cannot start, go on, or do what was asked; the message is for whoever asked and holds
 * no secret. {@link #kind()} says whose matter it is.
 */
public final class ServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose matter it is. */
  public enum Kind {
    /** The server's, or of what it depends on. */
    FAULT,
    /** What was given is not acceptable; {@link #field()} says which part of it. */
    INVALID,
    /** What was named is not there; {@link #field()} says by what it was named. */
    NOT_FOUND,
    /** It contradicts what is there. */
    CONFLICT
  }

  private final Kind kind;
  private final @Nullable String field;

  /** Of the installation: with what is wrong and what was expected. */
  public ServerException(String message) {
    this(Kind.FAULT, null, message, null);
  }

  /** The same with what it comes from. */
  public ServerException(String message, @Nullable Throwable cause) {
    this(Kind.FAULT, null, message, cause);
  }

  private ServerException(
      Kind kind, @Nullable String field, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.field = field;
  }

  /** What was given is not acceptable: "{@code field} must be {@code expected}". */
  public static ServerException invalid(String field, String expected) {
    return new ServerException(Kind.INVALID, field, field + " must be " + expected, null);
  }

  /** What {@code field} names is not there. */
  public static ServerException notFound(String field, String message) {
    return new ServerException(Kind.NOT_FOUND, field, message, null);
  }

  /** What {@code field} asks for contradicts what is there. */
  public static ServerException conflict(String field, String message) {
    return new ServerException(Kind.CONFLICT, field, message, null);
  }

  /** Whose matter it is. */
  public Kind kind() {
    return kind;
  }

  /** The part of what was given that is meant; null when none is. */
  public @Nullable String field() {
    return field;
  }
}
