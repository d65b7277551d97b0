package io.billingsdk.server.ledger;

import io.billingsdk.server.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** Which streams have events of an app. A stream has those of any app that its service serves. */
public final class StreamApps {
  private static final String STREAMS =
      """
      SELECT s.uuid FROM stream s WHERE s.stream_id IN (
        SELECT stream_id FROM usage_event WHERE app_id = ?
        UNION SELECT stream_id FROM attribution WHERE app_id = ?)
      """;

  private StreamApps() {}

  /** Those of an app, by the key of the events or since they were attributed. */
  public static Set<UUID> of(Database database, String app) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(STREAMS)) {
            query.setString(1, app);
            query.setString(2, app);
            Set<UUID> found = new HashSet<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                found.add(row.getObject(1, UUID.class));
              }
            }
            return Set.copyOf(found);
          }
        });
  }
}
