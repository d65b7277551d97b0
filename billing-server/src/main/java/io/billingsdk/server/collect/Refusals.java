package io.billingsdk.server.collect;

import io.billingsdk.server.collect.Claims.KeyConflict;
import io.billingsdk.server.collect.Entry.Fate;
import io.billingsdk.wire.ReceivedEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what is refused, with its reason: usage is never thrown away. */
final class Refusals {
  private static final String REJECT =
      "INSERT INTO rejected_event (stream, seq, instance, code, detail, content) VALUES (?, ?, ?,"
          + " ?, ?, ?) ON CONFLICT DO NOTHING";

  private static final String KEY_CONFLICT =
      "INSERT INTO conflicting_event (stream_id, seq, hash, instance, content, app_id,"
          + " idempotency_key, said, occurred_at, counted_stream_id, counted_seq)"
          + " VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

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
    List<String> contents = KnownKeys.masked(connection, contents(rejected));
    try (PreparedStatement insert = connection.prepareStatement(REJECT)) {
      for (int i = 0; i < rejected.size(); i++) {
        Entry each = rejected.get(i);
        insert.setObject(1, each.stream());
        insert.setLong(2, each.seq());
        insert.setString(3, each.instance());
        insert.setString(4, each.code());
        insert.setString(5, each.detail());
        insert.setString(6, contents.get(i));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static List<String> contents(List<Entry> entries) {
    return entries.stream().map(each -> KeptEvents.content(each.event())).toList();
  }

  /** Keeps events that have the idempotency key of others, and another content. */
  static void writeKeyConflicts(Connection connection, List<KeyConflict> conflicts)
      throws SQLException {
    if (conflicts.isEmpty()) {
      return;
    }
    List<String> contents =
        KnownKeys.masked(
            connection, contents(conflicts.stream().map(each -> each.event().entry()).toList()));
    try (PreparedStatement insert = connection.prepareStatement(KEY_CONFLICT)) {
      for (int i = 0; i < conflicts.size(); i++) {
        KeyConflict each = conflicts.get(i);
        Instant stated = each.stated();
        insert.setInt(1, each.event().streamId());
        insert.setLong(2, each.event().seq());
        insert.setBytes(3, each.event().event().hash().bytes());
        insert.setString(4, each.event().entry().instance());
        insert.setString(5, contents.get(i));
        insert.setString(6, each.app());
        insert.setString(7, each.key());
        insert.setBytes(8, each.said());
        insert.setObject(9, stated == null ? null : stated.atOffset(ZoneOffset.UTC));
        insert.setInt(10, each.counted().streamId());
        insert.setLong(11, each.counted().seq());
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
      List<String> contents = KnownKeys.masked(connection, contents(conflicts));
      for (int i = 0; i < conflicts.size(); i++) {
        Entry each = conflicts.get(i);
        insert.setInt(1, streams.id(each.stream()));
        insert.setLong(2, each.seq());
        insert.setBytes(3, ((ReceivedEvent.Valid) each.event()).hash().bytes());
        insert.setString(4, each.instance());
        insert.setString(5, contents.get(i));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
