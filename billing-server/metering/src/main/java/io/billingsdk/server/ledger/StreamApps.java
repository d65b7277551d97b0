package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.util.Set;
import java.util.UUID;

/** Which streams have events of an app. A stream has those of any app that its service serves. */
final class StreamApps {
  private static final String STREAMS =
      """
      SELECT s.uuid FROM stream s WHERE s.stream_id IN (
        SELECT stream_id FROM usage_event WHERE app_id = :app
        UNION SELECT stream_id FROM attribution WHERE app_id = :app)
      """;

  private StreamApps() {}

  /** Those of an app, by the key of the events or since they were attributed. */
  static Set<UUID> of(Database database, String app) {
    return database.read(
        handle ->
            Set.copyOf(
                handle
                    .createQuery(STREAMS)
                    .bind("app", app)
                    .map(ResultRow.to(row -> row.uuid("uuid")))
                    .set()));
  }
}
