package io.billingsdk.server.providers;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Which events of providers have come, and what became of them. */
final class EventRows {
  private static final String INSERT =
      """
      INSERT INTO provider_event (provider, event_id, kind, state, object_id)
      VALUES (:provider, :id, :kind, 'applied', :object)
      ON CONFLICT DO NOTHING
      """;

  private static final String SELECT =
      """
      SELECT provider, event_id, position, kind, state, reason, object_id, received_at
      FROM provider_event
      """;

  private EventRows() {}

  /**
   * An event that has come.
   *
   * @param reason why it waits for a person; null if it does not
   */
  record StoredEvent(
      ProviderName provider,
      String id,
      long position,
      String kind,
      EventState state,
      @Nullable String reason,
      @Nullable String object,
      Instant receivedAt) {}

  /** What became of an event. */
  enum EventState {
    /** It had its effect, once. */
    APPLIED,
    /** It says nothing that matters here. */
    IGNORED,
    /** A person has to look at it. */
    PARKED,
    /** A person has. */
    DISMISSED;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static EventState of(String text) {
      return valueOf(text.toUpperCase(java.util.Locale.ROOT));
    }
  }

  /** False when it has come before; otherwise others that come now wait for this transaction. */
  static boolean insert(Handle handle, ProviderName provider, ProviderEvent event) {
    return handle
            .createUpdate(INSERT)
            .bind("provider", provider.text())
            .bind("id", event.id())
            .bind("kind", event.kind())
            .bind("object", event.matter().object())
            .execute()
        > 0;
  }

  static void settle(
      Handle handle, ProviderName provider, String id, EventState state, @Nullable String reason) {
    handle
        .createUpdate(
            """
            UPDATE provider_event SET state = :state, reason = :reason, body = NULL
            WHERE provider = :provider AND event_id = :id
            """)
        .bind("state", state.text())
        .bind("reason", reason)
        .bind("provider", provider.text())
        .bind("id", id)
        .execute();
  }

  /**
   * It waits for a person.
   *
   * @param sealed the body, encrypted, so that it can be replayed; null if it is not known
   */
  static void park(
      Handle handle, ProviderName provider, String id, String reason, @Nullable String sealed) {
    handle
        .createUpdate(
            """
            UPDATE provider_event SET state = 'parked', reason = :reason,
              body = decode(:body, 'hex')
            WHERE provider = :provider AND event_id = :id
            """)
        .bind("reason", reason)
        .bind("body", sealed)
        .bind("provider", provider.text())
        .bind("id", id)
        .execute();
  }

  /** The body of a parked one, encrypted. */
  static Optional<String> sealed(Handle handle, long position) {
    return handle
        .createQuery(
            """
            SELECT encode(body, 'hex') AS body FROM provider_event
            WHERE position = :position AND state = 'parked' AND body IS NOT NULL
            """)
        .bind("position", position)
        .map(ResultRow.to(row -> row.text("body")))
        .findFirst();
  }

  static Optional<StoredEvent> find(Handle handle, ProviderName provider, String id) {
    return handle
        .createQuery(SELECT + "WHERE provider = :provider AND event_id = :id")
        .bind("provider", provider.text())
        .bind("id", id)
        .map(ResultRow.to(EventRows::event))
        .findFirst();
  }

  /** Those that wait for a person, in the order in which they came. */
  static List<StoredEvent> parked(Handle handle, long after, int most) {
    return handle
        .createQuery(
            SELECT + "WHERE state = 'parked' AND position > :after ORDER BY position LIMIT :most")
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(EventRows::event))
        .list();
  }

  static Optional<StoredEvent> lockedParked(Handle handle, long position) {
    return handle
        .createQuery(SELECT + "WHERE state = 'parked' AND position = :position FOR UPDATE")
        .bind("position", position)
        .map(ResultRow.to(EventRows::event))
        .findFirst();
  }

  private static StoredEvent event(ResultRow row) {
    return new StoredEvent(
        ProviderName.of(row.text("provider")),
        row.text("event_id"),
        row.number("position"),
        row.text("kind"),
        EventState.of(row.text("state")),
        row.textOrNull("reason"),
        row.textOrNull("object_id"),
        row.time("received_at"));
  }
}
