package io.billingsdk.server.collect;

import io.billingsdk.server.collect.Entry.Fate;
import io.billingsdk.wire.ReceivedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what is refused, with its reason: usage is never thrown away. */
final class Refusals {
  private static final String REJECT =
      "INSERT INTO rejected_event (stream, seq, instance, code, detail, content) VALUES (?, ?, ?,"
          + " ?, ?, ?) ON CONFLICT DO NOTHING";

  private Refusals() {}

  static void write(
      Connection connection, StreamRows streams, List<Entry> entries, List<Entry> conflicts)
      throws SQLException {
    if (!conflicts.isEmpty()) {
      writeConflicts(connection, streams, conflicts);
    }
    List<Entry> rejected =
        entries.stream()
            .filter(e -> e.fate() == Fate.REJECTED && !e.code().equals("CONFLICT"))
            .toList();
    if (rejected.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(REJECT)) {
      for (Entry each : rejected) {
        insert.setObject(1, each.stream());
        insert.setLong(2, each.seq());
        insert.setString(3, each.instance());
        insert.setString(4, each.code());
        insert.setString(5, each.detail());
        insert.setString(6, KeptEvents.content(each.event()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Keeps that a message could not be read at all; of its content only the length. */
  static void writeMalformed(
      Connection connection, @Nullable String instance, String detail, int bytes)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(REJECT)) {
      insert.setObject(1, null, java.sql.Types.OTHER);
      insert.setLong(2, 0);
      insert.setString(3, instance);
      insert.setString(4, "MALFORMED");
      insert.setString(5, detail);
      insert.setString(6, bytes + " bytes");
      insert.executeUpdate();
    }
  }

  private static void writeConflicts(
      Connection connection, StreamRows streams, List<Entry> conflicts) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO conflicting_event (stream_id, seq, hash, instance, content) VALUES (?, ?,"
                + " ?, ?, ?::jsonb) ON CONFLICT DO NOTHING")) {
      for (Entry each : conflicts) {
        insert.setInt(1, streams.id(each.stream()));
        insert.setLong(2, each.seq());
        insert.setBytes(3, ((ReceivedEvent.Valid) each.event()).hash().bytes());
        insert.setString(4, each.instance());
        insert.setString(5, KeptEvents.content(each.event()));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
