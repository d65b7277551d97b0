package io.billingsdk.server.statistics;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whose use is counted. Immutable.
 *
 * @param id random; says nothing about them
 * @param expiresAt when they end by themselves; null of users
 */
record Person(UUID id, PersonKind kind, Instant createdAt, @Nullable Instant expiresAt) {
  private static final String PREFIX = "st-";
  private static final int CHARS = PREFIX.length() + 36;

  /** As the events of the ledger name them, in the field {@code session}. */
  static String session(UUID id) {
    return PREFIX + id;
  }

  /** Whom an event is of, by its session; null for nobody of the statistics. */
  static @Nullable UUID ofSession(@Nullable String session) {
    boolean isOurs =
        session != null
            && session.length() == CHARS
            && session.matches("st-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    return session == null || !isOurs ? null : UUID.fromString(session.substring(PREFIX.length()));
  }
}
