package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of each stream, and whether all that was reported is stored. The stream of
 * corrections is none of them: it has no producer, and nothing of it can be missing. Thread-safe.
 */
public final class Streams {
  private static final Logger log = LoggerFactory.getLogger(Streams.class);

  private static final String COUNTED =
      "(SELECT count(*) FROM event_identity e WHERE e.stream_id = s.stream_id)";

  // The numbers that came and were not refused for good: with millions of rows a stream, a page of
  // streams could not be counted in time. What was refused for its number has not come.
  private static final String RECKONED =
      """
      (s.highest_seq::numeric
        - (SELECT coalesce(sum(last_seq::numeric - first_seq + 1), 0) FROM stream_gap g
          WHERE g.stream_id = s.stream_id)
        - s.left_out
        - (SELECT count(*) FROM (
            SELECT r.seq FROM rejected_event r WHERE r.stream = s.uuid AND r.code NOT IN
              ('STREAM_FOREIGN', 'TOO_MANY_GAPS', 'SEQ_JUMP', 'SEQ_TOO_LARGE')
            UNION SELECT c.seq FROM conflicting_event c WHERE c.stream_id = s.stream_id) AS kept
          WHERE kept.seq <= s.highest_seq AND NOT EXISTS (
            SELECT FROM event_identity e WHERE e.stream_id = s.stream_id AND e.seq = kept.seq)))
      """;

  private static final String SELECT =
      """
      SELECT s.uuid, s.instance, s.origin, s.highest_seq, s.last_seen, h.sdk_version, h.last_seq,
        h.accepted, h.delivered, h.pending, h.dead_lettered, h.dropped, h.rejected,
         %1$s AS stored, coalesce(h.last_seq > s.highest_seq AND SUPERSEDED, false) AS superseded,
         (SELECT count(*) FROM rejected_event r WHERE r.stream = s.uuid
           AND r.code <> 'STREAM_FOREIGN') + s.left_out AS refused,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(missing) AS part) AS gap_first,
        (SELECT array_agg(coalesce(upper(part) - 1, %2$d) ORDER BY part) FROM unnest(missing)
          AS part) AS gap_last,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(gone) AS part) AS dropped_first,
        (SELECT array_agg(coalesce(upper(part) - 1, %2$d) ORDER BY part) FROM unnest(gone)
          AS part) AS dropped_last,
        (SELECT array_agg(lower(part) ORDER BY part) FROM unnest(off) AS part) AS off_first,
        (SELECT array_agg(coalesce(upper(part) - 1, %2$d) ORDER BY part) FROM unnest(off)
          AS part) AS off_last
      FROM stream s LEFT JOIN stream_hello h USING (stream_id)
      LEFT JOIN stream_dropped d USING (stream_id)
      LEFT JOIN stream_written_off w USING (stream_id)
      CROSS JOIN LATERAL (
        SELECT coalesce(range_agg(number_range(first_seq, last_seq)), '{}') AS gaps
        FROM stream_gap g WHERE g.stream_id = s.stream_id) AS come
      CROSS JOIN LATERAL (
        SELECT gaps + CASE WHEN s.highest_seq < %2$d
          THEN int8multirange(int8range(s.highest_seq + 1, NULL)) ELSE '{}' END AS open) AS not_come
      CROSS JOIN LATERAL (
        SELECT gaps - coalesce(d.numbers, '{}') - coalesce(w.numbers, '{}') AS missing,
          coalesce(d.numbers, '{}') * open AS gone,
          coalesce(w.numbers, '{}') * open - coalesce(d.numbers, '{}') AS off) AS known
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
    UNNUMBERED,
    /** What is stored of it makes no sense, and no more of it than its name can be shown. */
    UNREADABLE;

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
   * @param writtenOff numbers that have not come, and that an operator has written off
   * @param readable whether what is stored of it makes sense; if not, the rest says nothing
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
      List<SeqRange> writtenOff,
      Instant lastSeen,
      boolean readable) {

    static StreamState unreadable(UUID stream) {
      return new StreamState(
          stream,
          null,
          StreamOrigin.UNKNOWN,
          0,
          0,
          0,
          null,
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          Instant.EPOCH,
          /* readable= */ false);
    }

    /** How it stands. */
    public State state() {
      if (!readable) {
        return State.UNREADABLE;
      }
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
      return highest >= reported || isRestGone(reported) ? State.COMPLETE : State.INCOMPLETE;
    }

    /**
     * Whether all that is known to have been reported has come, but for what its producer dropped;
     * false too for one that is not readable, and while a producer that says how far it has come
     * has not said it yet.
     */
    public boolean isComplete() {
      State now = state();
      return now != State.INCOMPLETE && now != State.UNREADABLE;
    }

    /** How many events its producer dropped. */
    public long droppedEvents() {
      return count(dropped);
    }

    private boolean isRestGone(long last) {
      return rest(highest, last, gone(dropped, writtenOff)).isEmpty();
    }
  }

  /** All streams, the last seen first. */
  public List<StreamState> all() throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(select(COUNTED) + LAST_SEEN_FIRST)) {
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
          try (PreparedStatement query = connection.prepareStatement(select(RECKONED) + BY_UUID)) {
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
          try (PreparedStatement query = connection.prepareStatement(select(COUNTED) + ONE)) {
            query.setObject(1, stream);
            return read(query).stream().findFirst();
          }
        });
  }

  private static List<StreamState> read(PreparedStatement query) throws SQLException {
    List<StreamState> states = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        states.add(readable(row));
      }
    }
    return states;
  }

  private static String select(String stored) {
    return String.format(Locale.ROOT, SELECT, stored, Long.MAX_VALUE);
  }

  /** One row that makes no sense must not hide the others. */
  private static StreamState readable(ResultSet row) throws SQLException {
    UUID stream = row.getObject("uuid", UUID.class);
    try {
      return state(row);
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      log.error("the rows of the stream {} cannot be read: {}", stream, failed.getMessage());
    } catch (IllegalArgumentException | NullPointerException senseless) {
      log.error("the rows of the stream {} cannot be read: {}", stream, senseless.getMessage());
    }
    return StreamState.unreadable(stream);
  }

  private static StreamState state(ResultSet row) throws SQLException {
    long reported = row.getLong("last_seq");
    boolean said = !row.wasNull();
    String instance = row.getString("instance");
    StreamOrigin origin = StreamOrigin.of(row.getString("origin"), said || instance != null);
    long highest = row.getLong("highest_seq");
    if (highest < 0 || reported < 0) {
      throw new IllegalArgumentException("the highest number, or the last, is less than 0");
    }
    return new StreamState(
        row.getObject("uuid", UUID.class),
        instance,
        origin,
        highest,
        row.getLong("stored"),
        row.getLong("refused"),
        row.getString("sdk_version"),
        said ? reported : null,
        said ? loss(row) : null,
        origin.isNumberedHere() ? List.of() : gaps(row, said ? reported : 0),
        ranges(row, "dropped"),
        ranges(row, "off"),
        row.getObject("last_seen", OffsetDateTime.class).toInstant(),
        /* readable= */ true);
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
    gaps.addAll(rest(highest, reported, gone(ranges(row, "dropped"), ranges(row, "off"))));
    return gaps;
  }

  /** What of the numbers above the highest is not gone either. */
  private static List<SeqRange> rest(long highest, long reported, List<SeqRange> gone) {
    List<SeqRange> rest = new ArrayList<>();
    // The last that is accounted for: one more may be no number any more.
    long upTo = highest;
    for (SeqRange each : gone) {
      if (upTo < reported && each.last() > upTo) {
        if (each.first() - 1 > upTo) {
          rest.add(new SeqRange(upTo + 1, Math.min(reported, each.first() - 1)));
        }
        upTo = each.last();
      }
    }
    if (upTo < reported) {
      rest.add(new SeqRange(upTo + 1, reported));
    }
    return rest;
  }

  private static List<SeqRange> gone(List<SeqRange> dropped, List<SeqRange> writtenOff) {
    List<SeqRange> gone = new ArrayList<>(dropped);
    gone.addAll(writtenOff);
    gone.sort(Comparator.comparingLong(SeqRange::first));
    return gone;
  }

  /** How many numbers ranges hold; at most what a long does. */
  static long count(List<SeqRange> ranges) {
    long count = 0;
    for (SeqRange each : ranges) {
      long numbers = each.last() - each.first() + 1;
      count = count > Long.MAX_VALUE - numbers ? Long.MAX_VALUE : count + numbers;
    }
    return count;
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
