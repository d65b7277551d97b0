package io.billingsdk.server.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Something that has happened, for those who react to it. Immutable.
 *
 * @param id its own: a subscriber that has seen it knows a repetition by it
 * @param kind what happened, as {@code key.blocked}: of the feature, in the past tense
 * @param subject what it happened to, as {@code key/k_1}: events of one subject are delivered in
 *     their order
 * @param payload an object of JSON; no secret is in it
 * @param actor who did it
 */
public record DomainEvent(UUID id, String kind, String subject, String payload, String actor) {
  static final int MOST_CHARS = 256;

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Refuses what the table would refuse, before a transaction fails of it. */
  public DomainEvent {
    if (kind.length() > MOST_CHARS || !KIND.matcher(kind).matches()) {
      throw new IllegalArgumentException(
          "kind must be words of a-z, 0-9, _ with dots between them, but is " + kind);
    }
    if (subject.isEmpty() || subject.length() > MOST_CHARS) {
      throw new IllegalArgumentException(
          "subject must have 1 to " + MOST_CHARS + " characters, but has " + subject.length());
    }
  }

  /** A new one. */
  public static DomainEvent of(
      String kind, String subject, Map<String, ? extends @Nullable Object> payload, String actor) {
    try {
      return new DomainEvent(
          UUID.randomUUID(), kind, subject, JSON.writeValueAsString(payload), actor);
    } catch (JsonProcessingException defect) {
      throw new IllegalArgumentException("payload of " + kind + " must be JSON", defect);
    }
  }
}
