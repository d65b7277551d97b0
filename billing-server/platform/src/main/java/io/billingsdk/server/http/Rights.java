package io.billingsdk.server.http;

import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.access.Tokens.Authentication.Refused;
import io.billingsdk.server.db.DatabaseException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the token of a request that lasts is still good. That of a holder is known to its feature
 * alone, which looks by itself. Thread-safe.
 */
final class Rights {
  /** A token seen longer ago than this is looked at again before anything is done by it. */
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();

  private final @Nullable Tokens tokens;
  private final String token;
  private volatile long seenNanos;
  private volatile @Nullable String ended;

  /**
   * Of a token that was good just now.
   *
   * @param tokens null of one that a feature has signed
   */
  Rights(@Nullable Tokens tokens, String token) {
    this.tokens = tokens;
    this.token = token;
    this.seenNanos = System.nanoTime();
  }

  String token() {
    return token;
  }

  /** Whether the token is one of an operator or of an app. */
  boolean isOfToken() {
    return tokens != null;
  }

  /** It was good when the question was sent. */
  void good(long askedNanos) {
    seenNanos = askedNanos;
  }

  /** When it was good last. */
  long seenNanos() {
    return seenNanos;
  }

  /** It is not valid from now on. */
  void end(String why) {
    ended = why;
  }

  /**
   * Why nothing may be done by it any more; empty while it may.
   *
   * @throws DatabaseException when nobody has looked lately, and that cannot be done now
   */
  Optional<String> ended() {
    if (tokens != null && ended == null && System.nanoTime() - seenNanos > FRESH_NANOS) {
      long asked = System.nanoTime();
      if (tokens.authenticate(token) instanceof Refused refused) {
        end(refused.why());
      } else {
        good(asked);
      }
    }
    return Optional.ofNullable(ended);
  }
}
