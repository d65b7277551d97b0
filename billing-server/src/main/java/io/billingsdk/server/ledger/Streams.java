package io.billingsdk.server.ledger;

import io.billingsdk.server.database.Database;
import io.billingsdk.wire.SeqRange;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of each stream, and whether all that was reported is stored. Thread-safe. */
public final class Streams {
  private static final String SELECT =
      """
      SELECT s.uuid, s.instance, s.highest_seq, s.last_seen, h.last_seq, h.pending,
        (SELECT count(*) FROM event_identity e WHERE e.stream_id = s.stream_id) AS stored,
        (SELECT count(*) FROM rejected_event r WHERE r.stream = s.uuid) AS refused,
        (SELECT array_agg(first_seq ORDER BY first_seq) FROM stream_gap g
          WHERE g.stream_id = s.stream_id) AS gap_first,
        (SELECT array_agg(last_seq ORDER BY first_seq) FROM stream_gap g
          WHERE g.stream_id = s.stream_id) AS gap_last
      FROM stream s LEFT JOIN stream_hello h USING (stream_id)
      ORDER BY s.last_seen DESC, s.stream_id
      """;

  private final Database database;

  /** In a database. */
  public Streams(Database database) {
    this.database = database;
  }

  /**
   * One stream.
   *
   * @param highest number that has come
   * @param stored events that are in the ledger or were found to be repeats by their key
   * @param refused events that were rejected, with their reason
   * @param reported the last number that its producer says it gave; null when it said nothing
   * @param pending what its producer says is still in its journal
   * @param gaps numbers below the highest that have not come
   */
  public record StreamState(
      UUID stream,
      @Nullable String instance,
      long highest,
      long stored,
      long refused,
      @Nullable Long reported,
      long pending,
      List<SeqRange> gaps,
      Instant lastSeen) {

    /** Whether all that was reported has come; false too when nothing is known of it. */
    public boolean isComplete() {
      return reported != null && gaps.isEmpty() && highest >= reported;
    }
  }

  /** All streams, the last seen first. */
  public List<StreamState> all() throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(SELECT);
              ResultSet row = query.executeQuery()) {
            List<StreamState> states = new ArrayList<>();
            while (row.next()) {
              states.add(state(row));
            }
            return states;
          }
        });
  }

  private static StreamState state(ResultSet row) throws SQLException {
    long reported = row.getLong("last_seq");
    boolean said = !row.wasNull();
    return new StreamState(
        row.getObject("uuid", UUID.class),
        row.getString("instance"),
        row.getLong("highest_seq"),
        row.getLong("stored"),
        row.getLong("refused"),
        said ? reported : null,
        row.getLong("pending"),
        gaps(row),
        row.getObject("last_seen", OffsetDateTime.class).toInstant());
  }

  private static List<SeqRange> gaps(ResultSet row) throws SQLException {
    List<SeqRange> gaps = new ArrayList<>();
    if (row.getArray("gap_first") != null) {
      Long[] first = (Long[]) row.getArray("gap_first").getArray();
      Long[] last = (Long[]) row.getArray("gap_last").getArray();
      for (int i = 0; i < first.length; i++) {
        gaps.add(new SeqRange(first[i], last[i]));
      }
    }
    return gaps;
  }
}
