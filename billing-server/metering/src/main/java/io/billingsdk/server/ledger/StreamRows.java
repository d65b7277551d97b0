package io.billingsdk.server.ledger;

import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Gaps.Rows;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the streams of one batch, locked until its transaction ends. While they are, nobody
 * else adds to these streams: what they say of the numbers that have come is true.
 */
public final class StreamRows {
  private static final String SELECT =
      "SELECT uuid, stream_id, highest_seq, "
          + StreamOwner.COLUMNS
          + " FROM stream WHERE uuid = ANY(?) ORDER BY stream_id FOR UPDATE";

  /** Of each range the gap that it begins in, and those that begin in it. */
  private static final String TOUCHED =
      """
      SELECT a.id, g.first_seq, g.last_seq FROM unnest(?, ?, ?) AS a (id, first, last)
      CROSS JOIN LATERAL (
        (SELECT first_seq, last_seq FROM stream_gap
          WHERE stream_id = a.id AND first_seq <= a.first ORDER BY first_seq DESC LIMIT 1)
        UNION ALL
        SELECT first_seq, last_seq FROM stream_gap
          WHERE stream_id = a.id AND first_seq > a.first AND first_seq <= a.last) AS g
      WHERE g.last_seq >= a.first
      """;

  private static final String LEFT_OUT =
      "UPDATE stream SET left_out = left_out + ? WHERE stream_id = ?";

  private final Map<UUID, StreamRow> rows = new HashMap<>();

  private StreamRows() {}

  /**
   * Locks the streams, and makes those that are new. In one order everywhere: two collectors with
   * events of the same streams wait for each other and never in a circle.
   */
  public static StreamRows lock(Connection connection, List<StreamOpening> streams)
      throws SQLException {
    UUID[] uuids = streams.stream().map(StreamOpening::stream).toArray(UUID[]::new);
    Map<UUID, FoundStream> found = select(connection, uuids);
    if (found.size() < uuids.length) {
      insert(connection, streams);
      found = select(connection, uuids);
    }
    // Only now: what the others noted is seen by a statement that begins after the wait.
    Map<Integer, Map<Long, Long>> missing = touched(connection, streams, found);
    StreamRows locked = new StreamRows();
    found.forEach(
        (uuid, row) ->
            locked.rows.put(
                uuid,
                new StreamRow(
                    row.owner(),
                    new Gaps(row.id(), row.highest(), missing.getOrDefault(row.id(), Map.of())))));
    return locked;
  }

  private record FoundStream(int id, long highest, StreamOwner owner) {}

  /** The id of one of them. */
  public int id(UUID stream) {
    return of(stream).id();
  }

  /** One of them. */
  public StreamRow of(UUID stream) {
    return Objects.requireNonNull(rows.get(stream), "locked");
  }

  /** Whether a number has come before this batch, whatever became of it. */
  public boolean hasCome(UUID stream, long seq) {
    return of(stream).gaps().hadCome(seq);
  }

  /** Notes which numbers have come: closes gaps, raises the highest, notes new gaps. */
  public static void save(Connection connection, List<Gaps> streams) throws SQLException {
    Gaps.save(connection, streams);
  }

  /** Notes how many numbers more of each stream came and have no row at all. */
  public void leaveOut(Connection connection, Map<UUID, Integer> numbers) throws SQLException {
    // By hand: for each batch of the collector.
    try (PreparedStatement update = connection.prepareStatement(LEFT_OUT)) {
      for (Map.Entry<UUID, Integer> each : numbers.entrySet()) {
        update.setInt(1, each.getValue());
        update.setInt(2, id(each.getKey()));
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /** Notes whose a stream is. */
  public void bind(Connection connection, UUID stream, StreamOwner owner) throws SQLException {
    // By hand: for each batch of the collector.
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE stream SET instance = ?, secret_sha256 = ? WHERE stream_id = ?")) {
      update.setString(1, owner.instance());
      update.setBytes(2, owner.secret());
      update.setInt(3, id(stream));
      update.executeUpdate();
    }
  }

  private static Map<UUID, FoundStream> select(Connection connection, UUID[] uuids)
      throws SQLException {
    Map<UUID, FoundStream> found = new HashMap<>();
    // By hand: for each batch of the collector.
    try (PreparedStatement query = connection.prepareStatement(SELECT)) {
      query.setArray(1, connection.createArrayOf("uuid", uuids));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.put(
              row.getObject("uuid", UUID.class),
              new FoundStream(
                  row.getInt("stream_id"), row.getLong("highest_seq"), StreamOwner.of(row)));
        }
      }
    }
    return found;
  }

  private static Map<Integer, Map<Long, Long>> touched(
      Connection connection, List<StreamOpening> streams, Map<UUID, FoundStream> found)
      throws SQLException {
    Rows asked = new Rows();
    for (StreamOpening each : streams) {
      FoundStream row = Objects.requireNonNull(found.get(each.stream()), "locked");
      for (SeqRange range : each.numbers()) {
        // What lies above the highest is in no gap: mostly nothing is asked.
        if (range.first() <= row.highest()) {
          asked.add(row.id(), range.first(), range.last());
        }
      }
    }
    Map<Integer, Map<Long, Long>> missing = new HashMap<>();
    if (asked.isEmpty()) {
      return missing;
    }
    // By hand: for each batch of the collector.
    try (PreparedStatement query = connection.prepareStatement(TOUCHED)) {
      asked.set(connection, query);
      try (ResultSet gap = query.executeQuery()) {
        while (gap.next()) {
          missing
              .computeIfAbsent(gap.getInt(1), any -> new TreeMap<>())
              .put(gap.getLong(2), gap.getLong(3));
        }
      }
    }
    return missing;
  }

  private static void insert(Connection connection, List<StreamOpening> streams)
      throws SQLException {
    List<StreamOpening> ordered = new ArrayList<>(streams);
    ordered.sort(Comparator.comparing(StreamOpening::stream));
    // By hand: for each batch of the collector.
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO stream (uuid, instance, origin, begun_by_v1, secret_sha256)"
                + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (uuid) DO NOTHING")) {
      for (StreamOpening each : ordered) {
        StreamSecret secret = each.secret();
        insert.setObject(1, each.stream());
        insert.setString(2, each.instance());
        insert.setString(3, each.origin().text());
        insert.setBoolean(4, each.isOfV1());
        insert.setBytes(5, secret == null ? null : secret.sha256());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * A stream of a batch, in the database as it is locked.
   *
   * @param gaps of its numbers, those that the batch touches
   */
  public record StreamRow(StreamOwner owner, Gaps gaps) {
    /** Its id. */
    public int id() {
      return gaps.streamId();
    }
  }

  /**
   * A stream that a batch writes to, with what opens it when it is new.
   *
   * @param instance that sent its first message; null for none
   * @param isOfV1 whether that was a report of protocol v1
   * @param secret that came with it; null for none
   * @param numbers that the batch holds of it
   */
  public record StreamOpening(
      UUID stream,
      @Nullable String instance,
      StreamOrigin origin,
      boolean isOfV1,
      @Nullable StreamSecret secret,
      List<SeqRange> numbers) {}

  /**
   * The owner of a stream: the instance that opened it, and any that knows the secret of its
   * journal. Who only knows its id can neither add to it nor say anything of it. Immutable.
   */
  public static final class StreamOwner {
    /** The columns of {@code stream} that {@link #of} reads. */
    public static final String COLUMNS = "instance, origin, begun_by_v1, secret_sha256";

    private final @Nullable String instance;
    private final StreamOrigin origin;
    private final boolean begunByV1;
    private final byte @Nullable [] secret;

    private StreamOwner(
        @Nullable String instance,
        StreamOrigin origin,
        boolean begunByV1,
        byte @Nullable [] secret) {
      this.instance = instance;
      this.origin = origin;
      this.begunByV1 = begunByV1;
      this.secret = secret;
    }

    /** Null when none is known yet: of v1, or of an older server. */
    public @Nullable String instance() {
      return instance;
    }

    /** Who numbers it. */
    public StreamOrigin origin() {
      return origin;
    }

    /** Whether reports of protocol v1 belong to it, which name no instance. */
    public boolean begunByV1() {
      return begunByV1;
    }

    /** The SHA-256 of its secret; null when none was said yet. */
    public byte @Nullable [] secret() {
      return secret == null ? null : secret.clone();
    }

    /** That of a row that the collector reads by the driver. */
    public static StreamOwner of(ResultSet row) {
      return of(ResultRow.of(row));
    }

    /** That of a row. */
    static StreamOwner of(ResultRow row) {
      String instance = row.textOrNull("instance");
      return new StreamOwner(
          instance,
          StreamOrigin.of(row.textOrNull("origin"), instance != null),
          row.flag("begun_by_v1"),
          row.bytesOrNull("secret_sha256"));
    }

    /**
     * Whether a message is of its owner.
     *
     * @param sender null for protocol v1
     * @param said the secret that it carries; null for none
     */
    public boolean is(@Nullable String sender, @Nullable StreamSecret said) {
      if (origin.isNumberedHere()) {
        return false;
      }
      if (sender == null) {
        return begunByV1 || instance == null;
      }
      return instance == null
          || instance.equals(sender)
          || (said != null && secret != null && said.isOf(secret));
    }

    /** The same once its owner has said this: earlier knowledge stays. */
    public StreamOwner with(@Nullable String sender, @Nullable StreamSecret said) {
      boolean learns = secret == null && said != null;
      if (sender == null || (instance != null && !learns)) {
        return this;
      }
      return new StreamOwner(
          instance == null ? sender : instance,
          origin,
          begunByV1,
          learns && said != null ? said.sha256() : secret);
    }
  }
}
