package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps what each producer said of itself last, and all that it ever gave up. Thread-safe. */
public final class Hellos {
  private static final String SELECT =
      "SELECT stream_id, highest_seq, "
          + StreamOwner.COLUMNS
          + " FROM stream WHERE uuid = ? FOR UPDATE";

  // Only when there is none: each attempt takes a number of the streams', whose numbers would end.
  private static final String INSERT =
      "INSERT INTO stream (uuid, instance, origin) VALUES (?, ?, 'v2') ON CONFLICT (uuid) DO"
          + " NOTHING";

  /** The last that spoke for it, with proof: a journal that was copied is of two. */
  private static final String SEEN =
      "UPDATE stream SET instance = ?, origin = 'v2', last_seen = now(),"
          + " secret_sha256 = coalesce(secret_sha256, ?) WHERE stream_id = ?";

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
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (stream_id) DO UPDATE SET (said_at, sdk_version, sent_at_ms, last_seq,
        keys_version, accepted, delivered, pending, dead_lettered, dropped, rejected, journal_bytes,
        quarantined)
        = ROW (now(), excluded.sdk_version, excluded.sent_at_ms, excluded.last_seq,
          excluded.keys_version, excluded.accepted, excluded.delivered, excluded.pending,
          excluded.dead_lettered, excluded.dropped, excluded.rejected, excluded.journal_bytes,
          excluded.quarantined)
      WHERE excluded.sent_at_ms >= h.sent_at_ms OR excluded.sent_at_ms::numeric < h.sent_at_ms::numeric - 600000
        OR excluded.last_seq > h.last_seq OR excluded.accepted > h.accepted
        OR excluded.delivered > h.delivered
      """;

  /** Ranges of one stream that producers gave up; an SDK remembers 256. */
  private static final int MOST_DROPPED = 10_000;

  /** Said again with each sign of life: the same is not written again. */
  private static final String DROPPED =
      """
      INSERT INTO stream_dropped AS d (stream_id, numbers, said_by)
      SELECT ?, (SELECT range_agg(number_range(first, last)) FROM unnest(?, ?)
        AS named (first, last)), ?
      ON CONFLICT (stream_id) DO UPDATE SET numbers = d.numbers + excluded.numbers,
        said_by = excluded.said_by, said_at = now()
      WHERE NOT d.numbers @> excluded.numbers
        AND (SELECT count(*) FROM unnest(d.numbers + excluded.numbers)) <= ?
      """;

  private final Database database;
  private final Strangers strangers;

  /** In a database. */
  public Hellos(Database database) {
    this(database, new Strangers());
  }

  /** The same; what is refused is counted there. */
  public Hellos(Database database, Strangers strangers) {
    this.database = database;
    this.strangers = strangers;
  }

  private record Known(int id, long highest, StreamOwner owner) {
    /** Null when what is said lies within the bounds, and is the owner's to say. */
    @Nullable String whyNot(String instance, @Nullable StreamSecret secret, long seq) {
      if (id == Corrections.STREAM_ID) {
        return "the stream is the server's own";
      }
      if (!owner.is(instance, secret)) {
        return "another instance has opened the stream, and the message proves nothing else";
      }
      return seq - Bounds.SEQ_JUMP_MAX > highest
          ? "its numbers must be at most 2^40 above the highest that has come"
          : null;
    }
  }

  /**
   * Keeps one, if it is of the owner of its stream and within the bounds; and of the numbers that
   * it says were dropped those of which the same is true.
   *
   * @return whether all of it was kept
   */
  public boolean keep(String instance, Hello hello) throws SQLException {
    boolean all =
        database.inTransaction(
            connection -> {
              UUID stream = hello.stream();
              StreamSecret secret = hello.secret();
              Known known = lock(connection, instance, stream);
              String refused = known.whyNot(instance, secret, hello.lastSeq());
              if (refused != null) {
                strangers.refuse("a sign of life", stream, instance, refused);
                return false;
              }
              try (PreparedStatement seen = connection.prepareStatement(SEEN)) {
                seen.setString(1, instance);
                seen.setBytes(2, secret == null ? null : secret.sha256());
                seen.setInt(3, known.id());
                seen.executeUpdate();
              }
              write(connection, known.id(), hello);
              return true;
            });
    // Each in a transaction of its own: two servers with the same streams in another order would
    // wait for each other in a circle.
    for (Hello.Dropped dropped : hello.dropped()) {
      all &= keepDropped(instance, dropped);
    }
    return all;
  }

  private boolean keepDropped(String instance, Hello.Dropped dropped) throws SQLException {
    if (dropped.ranges().isEmpty()) {
      return true;
    }
    Object[] first = dropped.ranges().stream().map(SeqRange::first).toArray();
    Object[] last = dropped.ranges().stream().map(SeqRange::last).toArray();
    long highest = dropped.ranges().stream().mapToLong(SeqRange::last).max().orElse(0);
    return database.inTransaction(
        connection -> {
          Known known = lock(connection, instance, dropped.stream());
          String refused = known.whyNot(instance, dropped.secret(), highest);
          if (refused != null) {
            strangers.refuse("a list of dropped numbers", dropped.stream(), instance, refused);
            return false;
          }
          try (PreparedStatement insert = connection.prepareStatement(DROPPED)) {
            insert.setInt(1, known.id());
            insert.setArray(2, connection.createArrayOf("bigint", first));
            insert.setArray(3, connection.createArrayOf("bigint", last));
            insert.setString(4, instance);
            insert.setInt(5, MOST_DROPPED);
            insert.executeUpdate();
          }
          return true;
        });
  }

  private static Known lock(Connection connection, String instance, UUID stream)
      throws SQLException {
    Known known = select(connection, stream);
    if (known == null) {
      try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
        insert.setObject(1, stream);
        insert.setString(2, instance);
        insert.executeUpdate();
      }
      known = select(connection, stream);
    }
    return Objects.requireNonNull(known, "inserted");
  }

  private static @Nullable Known select(Connection connection, UUID stream) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(SELECT)) {
      query.setObject(1, stream);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? new Known(row.getInt("stream_id"), row.getLong("highest_seq"), StreamOwner.of(row))
            : null;
      }
    }
  }

  private static void write(Connection connection, int streamId, Hello hello) throws SQLException {
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
      insert.setInt(1, streamId);
      insert.setString(2, hello.version());
      for (int i = 0; i < figures.length; i++) {
        insert.setLong(i + 3, figures[i]);
      }
      insert.executeUpdate();
    }
  }
}
