package io.billingsdk.server.ledger;

import io.billingsdk.server.database.Database;
import io.billingsdk.wire.Hello;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Keeps what each producer said of itself last. Thread-safe. */
public final class Hellos {
  private static final String STREAM =
      "INSERT INTO stream (uuid, instance) VALUES (?, ?) ON CONFLICT (uuid) DO UPDATE SET instance ="
          + " excluded.instance, last_seen = now()";
  private static final String HELLO =
      """
      INSERT INTO stream_hello (stream_id, sdk_version, last_seq, keys_version, accepted, delivered,
        pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)
      SELECT stream_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM stream WHERE uuid = ?
      ON CONFLICT (stream_id) DO UPDATE SET (said_at, sdk_version, last_seq, keys_version, accepted,
        delivered, pending, dead_lettered, dropped, rejected, journal_bytes, quarantined)
        = ROW (now(), excluded.sdk_version, excluded.last_seq, excluded.keys_version,
          excluded.accepted, excluded.delivered, excluded.pending, excluded.dead_lettered,
          excluded.dropped, excluded.rejected, excluded.journal_bytes, excluded.quarantined)
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
  }

  private static void write(Connection connection, Hello hello) throws SQLException {
    Hello.LossEquation loss = hello.loss();
    long[] figures = {
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
