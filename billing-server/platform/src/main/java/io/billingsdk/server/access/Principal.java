package io.billingsdk.server.access;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request: an operator, by one of their tokens.
 *
 * @param operator whose token it is
 * @param tokenId names the token; is no secret
 * @param scope what it is good for
 * @param appId the app that it is confined to; null for all
 */
public record Principal(String operator, String tokenId, Scope scope, @Nullable String appId) {
  /** Whether they may see what belongs to an app. */
  public boolean sees(@Nullable String app) {
    return appId == null || appId.equals(app);
  }

  /** As the audit log names them. */
  public Actor actor() {
    return new Actor(operator);
  }

  /** What a token lets its holder do. */
  public enum Scope {
    /** Send usage, and see nothing. */
    INTAKE,
    /** Read. */
    READ,
    /** Send usage, read and change. */
    WRITE;

    /** Whether its holder may do what that asks for. */
    public boolean includes(Scope that) {
      return this == that || this == WRITE;
    }

    /** As it is written: {@code intake}, {@code read} or {@code write}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** That of a text; empty for any other text. */
    public static Optional<Scope> of(String text) {
      return switch (text) {
        case "intake" -> Optional.of(INTAKE);
        case "read" -> Optional.of(READ);
        case "write" -> Optional.of(WRITE);
        default -> Optional.empty();
      };
    }
  }
}
