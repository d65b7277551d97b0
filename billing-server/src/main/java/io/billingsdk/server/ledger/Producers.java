package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Hello;
import io.billingsdk.server.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The instances of SDKs that report usage, and what each said of itself last. Thread-safe. */
public final class Producers {
  // The newest stream: each process has one of its own, and what the one before said last may come
  // after the first word of the next.
  private static final String SELECT =
      """
      SELECT DISTINCT ON (s.instance) s.instance, s.uuid, h.sdk_version, h.said_at, h.keys_version,
        h.accepted, h.delivered, h.pending, h.dead_lettered, h.dropped, h.rejected,
        h.journal_bytes, h.quarantined
      FROM stream s JOIN stream_hello h USING (stream_id)
      WHERE s.instance > ? ORDER BY s.instance, s.stream_id DESC LIMIT ?
      """;

  private final Database database;

  /** In a database. */
  public Producers(Database database) {
    this.database = database;
  }

  /**
   * An instance.
   *
   * @param stream that it writes now
   * @param said when it said this, its last sign of life
   * @param keysVersion of the key table that it has
   * @param loss what it counted since its start: accepted is the sum of delivered, pending, dead
   *     and dropped
   * @param journalBytes of events that wait on its disk
   * @param quarantined segments of its journal that could not be read, and were set aside
   */
  public record Producer(
      String instance,
      UUID stream,
      String sdkVersion,
      Instant said,
      long keysVersion,
      Hello.LossEquation loss,
      long journalBytes,
      long quarantined) {}

  /**
   * Instances in the order of their names.
   *
   * @param after the name that they follow; empty for the first
   * @param most so many at most
   */
  public List<Producer> after(String after, int most) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(SELECT)) {
            query.setString(1, after);
            query.setInt(2, most);
            List<Producer> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                found.add(producer(row));
              }
            }
            return List.copyOf(found);
          }
        });
  }

  private static Producer producer(ResultSet row) throws SQLException {
    return new Producer(
        row.getString("instance"),
        row.getObject("uuid", UUID.class),
        row.getString("sdk_version"),
        row.getObject("said_at", OffsetDateTime.class).toInstant(),
        row.getLong("keys_version"),
        Streams.loss(row),
        row.getLong("journal_bytes"),
        row.getLong("quarantined"));
  }
}
