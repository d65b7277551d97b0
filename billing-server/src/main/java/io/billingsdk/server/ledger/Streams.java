package io.billingsdk.server.ledger;

import io.billingsdk.server.database.Database;
import io.billingsdk.wire.Hello;
import io.billingsdk.wire.SeqRange;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of each stream, and whether all that was reported is stored. The stream of
 * corrections is none of them: it has no producer, and nothing of it can be missing. Thread-safe.
 */
public final class Streams {
  private static final String COUNTED =
      "(SELECT count(*) FROM event_identity e WHERE e.stream_id = s.stream_id)";

  // The numbers that came and were not refused for good: with millions of rows a stream, a page of
  // streams could not be counted in time.
  private static final String RECKONED =
      """
      (s.highest_seq
        - (SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM stream_gap g
          WHERE g.stream_id = s.stream_id)
        - (SELECT count(*) FROM (
            SELECT r.seq FROM rejected_event r WHERE r.stream = s.uuid
            UNION SELECT c.seq FROM conflicting_event c WHERE c.stream_id = s.stream_id) AS kept
          WHERE kept.seq <= s.highest_seq AND NOT EXISTS (
            SELECT FROM event_identity e WHERE e.stream_id = s.stream_id AND e.seq = kept.seq)))
      """;

  private static final String SELECT =
      """
      SELECT s.uuid, s.instance, s.origin, s.highest_seq, s.last_seen, h.sdk_version, h.last_seq,
        h.accepted, h.delivered, h.pending, h.dead_lettered, h.dropped, h.rejected,
        %s AS stored, coalesce(h.last_seq > s.highest_seq AND SUPERSEDED, false) AS superseded,
        (SELECT count(*) FROM rejected_event r WHERE r.stream = s.uuid) AS refused,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(missing) AS part) AS gap_first,
        (SELECT array_agg(upper(part) - 1 ORDER BY part) FROM unnest(missing) AS part) AS gap_last,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(gone) AS part) AS dropped_first,
        (SELECT array_agg(upper(part) - 1 ORDER BY part) FROM unnest(gone) AS part) AS dropped_last
      FROM stream s LEFT JOIN stream_hello h USING (stream_id)
      LEFT JOIN stream_dropped d USING (stream_id)
      CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(int8range(first_seq, last_seq, '[]')), '{}') AS gaps
        FROM stream_gap g WHERE g.stream_id = s.stream_id) AS come
      CROSS JOIN LATERAL (
        SELECT gaps - coalesce(d.numbers, '{}') AS missing,
          coalesce(d.numbers, '{}') * (gaps + int8multirange(int8range(s.highest_seq + 1, NULL)))
            AS gone) AS known
      WHERE s.stream_id <> 0
      """
          .replace("SUPERSEDED", StreamHealth.SUPERSEDED);

  private static final String LAST_SEEN_FIRST = "ORDER BY s.last_seen DESC, s.stream_id";
  private static final String BY_UUID = "AND s.uuid > ? ORDER BY s.uuid LIMIT ?";
  private static final String ONE = "AND s.uuid = ?";

  private final Database database;

  /** In a database. */
  public Streams(Database database) {
    this.database = database;
  }

  /** How a stream stands. */
  public enum State {
    /** All that its producer reported has come, but for what it dropped. */
    COMPLETE,
    /** Its producer reported more than has come, or numbers are missing. */
    INCOMPLETE,
    /** No number is missing; its producer does not say how far it has come. */
    NO_GAPS,
    /** The server numbers what comes, so that nothing can be missing: v1 without numbers, HTTP. */
    UNNUMBERED;

    /** As it is written: {@code no-gaps}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One stream.
   *
   * @param origin who numbers it
   * @param highest number that has come
   * @param stored events that are in the ledger or were found to be repeats by their key
   * @param refused events that were rejected, with their reason
   * @param sdkVersion of its producer; null when it said nothing
   * @param reported the last number that its producer says it gave; null when it said nothing
   * @param loss what its producer counted since its start; null when it said nothing
   * @param gaps numbers that have not come, and nobody knows why: below the highest, and above it
   *     when their producer says that nothing is pending
   * @param dropped numbers that have not come and never will: the producer says that it gave their
   *     events up, since its journal was full
   */
  public record StreamState(
      UUID stream,
      @Nullable String instance,
      StreamOrigin origin,
      long highest,
      long stored,
      long refused,
      @Nullable String sdkVersion,
      @Nullable Long reported,
      Hello.@Nullable LossEquation loss,
      List<SeqRange> gaps,
      List<SeqRange> dropped,
      Instant lastSeen) {

    /** How it stands. */
    public State state() {
      if (origin.isNumberedHere()) {
        return State.UNNUMBERED;
      }
      if (!gaps.isEmpty()) {
        return State.INCOMPLETE;
      }
      if (reported == null) {
        // One of protocol v2 says so within seconds.
        return origin == StreamOrigin.V2 ? State.INCOMPLETE : State.NO_GAPS;
      }
      return highest >= reported || restIsDropped(reported) ? State.COMPLETE : State.INCOMPLETE;
    }

    /**
     * Whether all that is known to have been reported has come, but for what its producer dropped;
     * false too while a producer that says how far it has come has not said it yet.
     */
    public boolean isComplete() {
      return state() != State.INCOMPLETE;
    }

    /** How many events its producer dropped. */
    public long droppedEvents() {
      return dropped.stream().mapToLong(range -> range.last() - range.first() + 1).sum();
    }

    private boolean restIsDropped(long last) {
      return dropped.stream().anyMatch(r -> r.first() <= highest + 1 && r.last() >= last);
    }
  }

  /** All streams, the last seen first. */
  public List<StreamState> all() throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(SELECT.formatted(COUNTED) + LAST_SEEN_FIRST)) {
            return read(query);
          }
        });
  }

  /**
   * Streams in the order of their ids. What is stored of them is reckoned from the numbers that
   * came, where {@link #one} counts it.
   *
   * @param after the id that they follow
   * @param most so many at most
   */
  public List<StreamState> after(UUID after, int most) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(SELECT.formatted(RECKONED) + BY_UUID)) {
            query.setObject(1, after);
            query.setInt(2, most);
            return read(query);
          }
        });
  }

  /** One stream; empty when nothing has come of it. */
  public Optional<StreamState> one(UUID stream) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(SELECT.formatted(COUNTED) + ONE)) {
            query.setObject(1, stream);
            return read(query).stream().findFirst();
          }
        });
  }

  private static List<StreamState> read(PreparedStatement query) throws SQLException {
    List<StreamState> states = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        states.add(state(row));
      }
    }
    return states;
  }

  private static StreamState state(ResultSet row) throws SQLException {
    long reported = row.getLong("last_seq");
    boolean said = !row.wasNull();
    String instance = row.getString("instance");
    StreamOrigin origin = StreamOrigin.of(row.getString("origin"), said || instance != null);
    return new StreamState(
        row.getObject("uuid", UUID.class),
        instance,
        origin,
        row.getLong("highest_seq"),
        row.getLong("stored"),
        row.getLong("refused"),
        row.getString("sdk_version"),
        said ? reported : null,
        said ? loss(row) : null,
        origin.isNumberedHere() ? List.of() : gaps(row, said ? reported : 0),
        ranges(row, "dropped"),
        row.getObject("last_seen", OffsetDateTime.class).toInstant());
  }

  static Hello.LossEquation loss(ResultSet row) throws SQLException {
    return new Hello.LossEquation(
        row.getLong("accepted"),
        row.getLong("delivered"),
        row.getLong("pending"),
        row.getLong("dead_lettered"),
        row.getLong("dropped"),
        row.getLong("rejected"));
  }

  /**
   * The gaps, and the end of a stream that has not come though its producer says that nothing is
   * pending: it was receipted, and the ledger that it was stored in is not this one any more. Or a
   * later process of its instance says so: then the one that had it pending has ended with it.
   */
  private static List<SeqRange> gaps(ResultSet row, long reported) throws SQLException {
    List<SeqRange> gaps = ranges(row, "gap");
    long highest = row.getLong("highest_seq");
    boolean pending = row.getLong("pending") > 0 && !row.getBoolean("superseded");
    if (reported <= highest || pending || row.getLong("dead_lettered") > 0) {
      return gaps;
    }
    long next = highest + 1;
    for (SeqRange gone : ranges(row, "dropped")) {
      if (gone.last() >= next) {
        if (gone.first() > next) {
          gaps.add(new SeqRange(next, Math.min(reported, gone.first() - 1)));
        }
        next = gone.last() + 1;
      }
    }
    if (next <= reported) {
      gaps.add(new SeqRange(next, reported));
    }
    return gaps;
  }

  private static List<SeqRange> ranges(ResultSet row, String what) throws SQLException {
    List<SeqRange> ranges = new ArrayList<>();
    if (row.getArray(what + "_first") != null) {
      Long[] first = (Long[]) row.getArray(what + "_first").getArray();
      Long[] last = (Long[]) row.getArray(what + "_last").getArray();
      for (int i = 0; i < first.length; i++) {
        ranges.add(new SeqRange(first[i], last[i]));
      }
    }
    return ranges;
  }
}
