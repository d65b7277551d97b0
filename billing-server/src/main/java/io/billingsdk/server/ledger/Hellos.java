package io.billingsdk.server.ledger;

import io.billingsdk.server.database.Database;
import io.billingsdk.wire.Hello;
import io.billingsdk.wire.SeqRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Keeps what each producer said of itself last, and all that it ever gave up. Thread-safe. */
public final class Hellos {
  private static final String STREAM =
      "INSERT INTO stream (uuid, instance, origin) VALUES (?, ?, 'v2') ON CONFLICT (uuid) DO UPDATE"
          + " SET instance = excluded.instance, origin = 'v2', last_seen = now()";

  /**
   * Two servers may have one instance's hellos in their hands, and keep them in another order than
   * that in which they were said. So one that was said before the one that is kept is left out: the
   * last of a producer that has closed is the last word. But for those whose clock was set back,
   * which have gone on meanwhile, or say something that is much older than any message on its way.
   */
  private static final String HELLO =
      """
      INSERT INTO stream_hello AS h (stream_id, sdk_version, sent_at_ms, last_seq, keys_version,
        accepted, delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)
      SELECT stream_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM stream WHERE uuid = ?
      ON CONFLICT (stream_id) DO UPDATE SET (said_at, sdk_version, sent_at_ms, last_seq,
        keys_version, accepted, delivered, pending, dead_lettered, dropped, rejected, journal_bytes,
        quarantined)
        = ROW (now(), excluded.sdk_version, excluded.sent_at_ms, excluded.last_seq,
          excluded.keys_version, excluded.accepted, excluded.delivered, excluded.pending,
          excluded.dead_lettered, excluded.dropped, excluded.rejected, excluded.journal_bytes,
          excluded.quarantined)
      WHERE excluded.sent_at_ms >= h.sent_at_ms OR excluded.sent_at_ms < h.sent_at_ms - 600000
        OR excluded.last_seq > h.last_seq OR excluded.accepted > h.accepted
        OR excluded.delivered > h.delivered
      """;

  private static final String KNOWN =
      "INSERT INTO stream (uuid, instance, origin) VALUES (?, ?, 'v2') ON CONFLICT (uuid) DO"
          + " NOTHING";

  /** Said again with each sign of life: the same is not written again. */
  private static final String DROPPED =
      """
      INSERT INTO stream_dropped AS d (stream_id, numbers, said_by)
      SELECT stream_id, (SELECT range_agg(int8range(first, last, '[]')) FROM unnest(?, ?)
        AS named (first, last)), ? FROM stream WHERE uuid = ?
      ON CONFLICT (stream_id) DO UPDATE SET numbers = d.numbers + excluded.numbers,
        said_by = excluded.said_by, said_at = now()
      WHERE NOT d.numbers @> excluded.numbers
      """;

  private final Database database;

  /** In a database. */
  public Hellos(Database database) {
    this.database = database;
  }

  /** Keeps one. */
  public void keep(String instance, Hello hello) throws SQLException {
    database.inTransaction(
        connection -> {
          try (PreparedStatement stream = connection.prepareStatement(STREAM)) {
            stream.setObject(1, hello.stream());
            stream.setString(2, instance);
            stream.executeUpdate();
          }
          write(connection, hello);
          return true;
        });
    // Each in a transaction of its own: two servers with the same streams in another order would
    // wait for each other in a circle.
    for (Hello.Dropped dropped : hello.dropped()) {
      keepDropped(instance, dropped);
    }
  }

  private void keepDropped(String instance, Hello.Dropped dropped) throws SQLException {
    if (dropped.ranges().isEmpty()) {
      return;
    }
    Object[] first = dropped.ranges().stream().map(SeqRange::first).toArray();
    Object[] last = dropped.ranges().stream().map(SeqRange::last).toArray();
    database.inTransaction(
        connection -> {
          try (PreparedStatement known = connection.prepareStatement(KNOWN);
              PreparedStatement insert = connection.prepareStatement(DROPPED)) {
            known.setObject(1, dropped.stream());
            known.setString(2, instance);
            known.executeUpdate();
            insert.setArray(1, connection.createArrayOf("bigint", first));
            insert.setArray(2, connection.createArrayOf("bigint", last));
            insert.setString(3, instance);
            insert.setObject(4, dropped.stream());
            insert.executeUpdate();
          }
          return true;
        });
  }

  private static void write(Connection connection, Hello hello) throws SQLException {
    Hello.LossEquation loss = hello.loss();
    long[] figures = {
      hello.sentAtMillis(),
      hello.lastSeq(),
      hello.keysVersion(),
      loss.accepted(),
      loss.delivered(),
      loss.pending(),
      loss.deadLettered(),
      loss.dropped(),
      loss.rejected(),
      hello.journal().bytes(),
      hello.journal().quarantined()
    };
    try (PreparedStatement insert = connection.prepareStatement(HELLO)) {
      insert.setString(1, hello.version());
      for (int i = 0; i < figures.length; i++) {
        insert.setLong(i + 2, figures[i]);
      }
      insert.setObject(figures.length + 2, hello.stream());
      insert.executeUpdate();
    }
  }
}
