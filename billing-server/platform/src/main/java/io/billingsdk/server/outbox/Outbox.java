package io.billingsdk.server.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.db.Together;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Where a feature says that something has happened, in the transaction that makes it so: both are
 * there after the COMMIT, or neither.
 *
 * <p><b>No event is skipped.</b> Positions are drawn before the COMMIT, so that a reader of "all
 * above the last position" would never see an event that commits after a later one. Nothing is read
 * like that here: each subscriber has a row for each event, made in the same transaction, and the
 * row says whether it is delivered. What commits late is found late.
 *
 * <p><b>Order.</b> A transaction that adds an event of a subject is alone with the subject until it
 * ends, by an advisory lock. So the positions of a subject are in the order of their commits. A
 * transaction with events of several subjects adds them in the order of the subjects' names, or may
 * meet another one in a deadlock.
 *
 * <p>A transaction with an event notifies the servers, and transactions that notify commit one
 * after the other: it is for facts that are rare beside usage, not for every event of usage.
 */
public final class Outbox {
  /** Said on it: there may be something to deliver. */
  static final String CHANNEL = "billing_outbox";

  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.outbox/' || ?, 0))";

  private static final String ADD =
      """
      WITH added AS (
        INSERT INTO outbox_event (event_id, kind, subject, payload, actor)
        VALUES (?, ?, ?, ?::jsonb, ?) RETURNING position, kind, subject
      ), due AS (
        INSERT INTO outbox_delivery (position, subscriber, subject)
        SELECT added.position, s.name, added.subject FROM added, outbox_subscriber AS s
        WHERE added.kind = ANY (s.kinds)
      )
      SELECT pg_notify(?, '')
      """;

  private Outbox() {}

  /** Adds an event to the transaction of a handle. */
  public static void add(Handle handle, DomainEvent event) {
    Together changes = new Together();
    add(changes, event);
    changes.execute(handle);
  }

  /** Adds an event to changes that go to the database together. */
  public static void add(Together changes, DomainEvent event) {
    // Apart, and first: within one statement the position could be drawn before the lock.
    changes.add(LOCK, event.subject());
    changes.add(
        ADD, event.id(), event.kind(), event.subject(), event.payload(), event.actor(), CHANNEL);
  }

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
        String kind,
        String subject,
        Map<String, ? extends @Nullable Object> payload,
        String actor) {
      try {
        return new DomainEvent(
            UUID.randomUUID(), kind, subject, JSON.writeValueAsString(payload), actor);
      } catch (JsonProcessingException defect) {
        throw new IllegalArgumentException("payload of " + kind + " must be JSON", defect);
      }
    }
  }
}
