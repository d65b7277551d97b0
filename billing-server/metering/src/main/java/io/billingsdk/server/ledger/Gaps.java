package io.billingsdk.server.ledger;

import io.billingsdk.protocol.SeqRange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which numbers of a stream have not come, below the highest that has: of all its gaps those that a
 * batch touches. For one transaction.
 */
public final class Gaps {
  private final int streamId;
  private final long highestBefore;
  private final TreeMap<Long, Long> before;
  private final TreeMap<Long, Long> missing;
  private long highest;
  private boolean changed;

  /**
   * Before anything of the batch.
   *
   * @param missing first to last number of each gap that holds a number of the batch
   */
  Gaps(int streamId, long highest, Map<Long, Long> missing) {
    this.streamId = streamId;
    this.highestBefore = highest;
    this.before = new TreeMap<>(missing);
    this.missing = new TreeMap<>(missing);
    this.highest = highest;
  }

  /** The stream of the gaps. */
  public int streamId() {
    return streamId;
  }

  /** Whether a number had come before this batch, or never will, which is known. */
  public boolean hadCome(long seq) {
    if (seq > highestBefore) {
      return false;
    }
    Map.Entry<Long, Long> gap = before.floorEntry(seq);
    return gap == null || gap.getValue() < seq;
  }

  /** How many gaps more there are when this number comes: one, none, or one less. */
  public int opens(long seq) {
    if (seq > highest) {
      return seq - 1 > highest ? 1 : 0;
    }
    Map.Entry<Long, Long> gap = missing.floorEntry(seq);
    if (gap == null || gap.getValue() < seq) {
      return 0;
    }
    boolean first = gap.getKey() == seq;
    boolean last = gap.getValue() == seq;
    return first && last ? -1 : first || last ? 0 : 1;
  }

  /** A number has come. */
  public void came(long seq) {
    fill(new SeqRange(seq, seq));
  }

  /** All numbers of a range have come, or never will, which is known. */
  Gaps fill(SeqRange range) {
    changed = true;
    if (range.first() - 1 > highest) {
      missing.put(highest + 1, range.first() - 1);
    }
    highest = Math.max(highest, range.last());
    Map.Entry<Long, Long> gap = missing.floorEntry(range.last());
    while (gap != null && gap.getValue() >= range.first()) {
      missing.remove(gap.getKey());
      if (gap.getValue() > range.last()) {
        missing.put(range.last() + 1, gap.getValue());
      }
      if (gap.getKey() < range.first()) {
        missing.put(gap.getKey(), range.first() - 1);
      }
      gap = missing.floorEntry(range.last());
    }
    return this;
  }

  /** As they were before anything of the batch came. */
  public Gaps asBefore() {
    return new Gaps(streamId, highestBefore, before);
  }

  /** The highest number that has come. */
  public long highest() {
    return highest;
  }

  Map<Long, Long> missing() {
    return Map.copyOf(missing);
  }

  /** Stores what has changed, and nothing else: a stream may have many gaps. */
  static void save(Connection connection, Collection<Gaps> streams) throws SQLException {
    List<Gaps> changed = streams.stream().filter(each -> each.changed).toList();
    if (changed.isEmpty()) {
      return;
    }
    // By hand: for each batch of the collector.
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE stream SET highest_seq = u.highest, last_seen = now()"
                + " FROM unnest(?, ?) AS u (id, highest) WHERE stream_id = u.id")) {
      update.setArray(
          1, connection.createArrayOf("integer", changed.stream().map(g -> g.streamId).toArray()));
      update.setArray(
          2, connection.createArrayOf("bigint", changed.stream().map(g -> g.highest).toArray()));
      update.executeUpdate();
    }
    Rows gone = new Rows();
    Rows put = new Rows();
    for (Gaps each : changed) {
      each.before.forEach(
          (first, last) -> {
            if (!each.missing.containsKey(first)) {
              gone.add(each.streamId, first, last);
            }
          });
      each.missing.forEach(
          (first, last) -> {
            if (!last.equals(each.before.get(first))) {
              put.add(each.streamId, first, last);
            }
          });
    }
    gone.run(
        connection,
        "DELETE FROM stream_gap g USING unnest(?, ?, ?) AS d (id, first, last)"
            + " WHERE g.stream_id = d.id AND g.first_seq = d.first");
    put.run(
        connection,
        "INSERT INTO stream_gap SELECT * FROM unnest(?, ?, ?)"
            + " ON CONFLICT (stream_id, first_seq) DO UPDATE SET last_seq = excluded.last_seq");
  }

  /** Rows of gaps for one statement. */
  static final class Rows {
    private final List<Integer> ids = new ArrayList<>();
    private final List<Long> firsts = new ArrayList<>();
    private final List<Long> lasts = new ArrayList<>();

    void add(int id, long first, long last) {
      ids.add(id);
      firsts.add(first);
      lasts.add(last);
    }

    boolean isEmpty() {
      return ids.isEmpty();
    }

    void set(Connection connection, PreparedStatement statement) throws SQLException {
      statement.setArray(1, connection.createArrayOf("integer", ids.toArray()));
      statement.setArray(2, connection.createArrayOf("bigint", firsts.toArray()));
      statement.setArray(3, connection.createArrayOf("bigint", lasts.toArray()));
    }

    private void run(Connection connection, String sql) throws SQLException {
      if (isEmpty()) {
        return;
      }
      // By hand: for each batch of the collector.
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        set(connection, statement);
        statement.executeUpdate();
      }
    }
  }
}
