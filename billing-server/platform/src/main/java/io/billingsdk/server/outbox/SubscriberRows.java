package io.billingsdk.server.outbox;

import io.billingsdk.server.db.Database;
import java.util.List;

/**
 * The subscribers that events are kept for. They stand in the database, since who adds an event may
 * be another process, which knows none of them: a command, or a server of another version.
 */
final class SubscriberRows {
  private static final String KNOWN =
      """
      INSERT INTO outbox_subscriber AS s (name, kinds) VALUES (:name, string_to_array(:kinds, ' '))
      ON CONFLICT (name) DO UPDATE SET kinds = excluded.kinds, seen_at = now()
      """;

  /** Its open deliveries go with it. */
  private static final String FORGET =
      "DELETE FROM outbox_subscriber WHERE seen_at < now() - interval '14 days' RETURNING name";

  private final Database database;

  SubscriberRows(Database database) {
    this.database = database;
  }

  /** From now on events of its kinds are kept for it. */
  void know(OutboxSubscriber subscriber) {
    database.read(
        handle ->
            handle
                .createUpdate(KNOWN)
                .bind("name", subscriber.name())
                .bind("kinds", String.join(" ", subscriber.kinds()))
                .execute());
  }

  /** Forgets those that no server has known for two weeks, and names them. */
  List<String> forget() {
    return database.read(handle -> handle.createQuery(FORGET).mapTo(String.class).list());
  }
}
