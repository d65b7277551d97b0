package io.billingsdk.server.collect;

import io.billingsdk.server.collect.Entry.Fate;
import io.billingsdk.server.database.Database;
import io.billingsdk.wire.ReceivedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Stores a batch in one transaction: the events that are new, the rollups of exactly these, what was
 * refused and why, and how far each stream has come.
 *
 * <p>When it returns, the transaction is committed. When it throws, that is unknown, and the batch is
 * to be stored again: what was committed is then found to be a duplicate. For one thread.
 */
final class LedgerWriter {
  private static final String INSERT =
      """
      WITH resolved AS MATERIALIZED (
        SELECT b.*, coalesce(i.app_id, h.app_id) AS app, coalesce(i.key_id, h.key_id) AS known
        FROM batch b
        LEFT JOIN api_key i ON i.key_id = b.key_id
        LEFT JOIN api_key h ON h.sha256 = b.key_sha256
      ), identified AS (
        INSERT INTO event_identity (stream_id, seq, hash)
        SELECT stream_id, seq, hash FROM batch ORDER BY stream_id, seq
        ON CONFLICT DO NOTHING
        RETURNING stream_id, seq
      ), claimed AS (
        INSERT INTO idempotency (app_id, idempotency_key, stream_id, seq)
        SELECT DISTINCT ON (app, idempotency_key) app, idempotency_key, stream_id, seq
        FROM resolved JOIN identified USING (stream_id, seq)
        WHERE app IS NOT NULL AND idempotency_key IS NOT NULL
        ORDER BY app, idempotency_key, stream_id, seq
        ON CONFLICT DO NOTHING
        RETURNING stream_id, seq
      ), counted AS (
        INSERT INTO usage_event (occurred_at, stream_id, seq, app_id, key_id, key_sha256, module,
          model, usage, metadata, idempotency_key)
        SELECT occurred_at, stream_id, seq, app, coalesce(known, key_id),
          CASE WHEN known IS NULL THEN key_sha256 END, module, model, usage::numeric, metadata,
          idempotency_key
        FROM resolved JOIN identified USING (stream_id, seq)
        WHERE app IS NULL OR idempotency_key IS NULL
          OR (stream_id, seq) IN (SELECT stream_id, seq FROM claimed)
        RETURNING occurred_at, stream_id, seq, app_id, key_id, module, model, usage
      ), rolled AS (
        INSERT INTO usage_rollup_shard AS r
        SELECT date_trunc('hour', occurred_at), coalesce(app_id, ''), coalesce(key_id, ''), module,
          model, ?, count(*), sum(usage)
        FROM counted GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (hour, app_id, key_id, module, model, shard)
        DO UPDATE SET events = r.events + excluded.events, usage = r.usage + excluded.usage
      )
      SELECT stream_id, seq FROM counted
      """;

  /** Where an event is in the ledger. */
  private record Place(int streamId, long seq) {}

  private final Database database;
  private final Partitions partitions;
  private final TimeBounds bounds;
  private final Failpoint.Hook failpoints;
  private final short shard;
  private @Nullable Connection connection;

  LedgerWriter(Database database, TimeBounds bounds, int shard, Failpoint.Hook failpoints) {
    this.database = database;
    this.partitions = new Partitions(database, bounds);
    this.bounds = bounds;
    this.shard = (short) shard;
    this.failpoints = failpoints;
  }

  /** Stores the batch and sets the fate of each of its entries. */
  void store(List<Entry> entries) throws SQLException {
    Map<Place, Entry> fresh = new LinkedHashMap<>();
    try {
      partitions.ensure(entries);
      Connection current = connect();
      StreamRows streams = StreamRows.lock(current, instances(entries));
      List<Entry> conflicts = sort(entries, streams, fresh);
      if (!fresh.isEmpty()) {
        copy(current, fresh);
        settle(current, fresh, insert(current), conflicts);
      }
      // Repeats within the batch share the fate of the first.
      entries.stream().filter(e -> e.fate() == Fate.PENDING).forEach(e -> e.is(Fate.DUPLICATE));
      Refusals.write(current, streams, entries, conflicts);
      streams.came(current, numbers(entries));
      failpoints.reached(Failpoint.BEFORE_COMMIT);
      current.commit();
      failpoints.reached(Failpoint.AFTER_COMMIT);
    } catch (SQLException | RuntimeException | Error failed) {
      // Whatever it holds is unknown; the next attempt begins with another one.
      disconnect();
      throw failed;
    }
  }

  /** Keeps an event that the database does not take, so that it holds back no other. */
  void refuse(Entry entry) throws SQLException {
    Connection current = connect();
    StreamRows streams = StreamRows.lock(current, instances(List.of(entry)));
    entry.isRejected("NOT_STORABLE", "the database refuses a value of the event");
    Refusals.write(current, streams, List.of(entry), List.of());
    streams.came(current, numbers(List.of(entry)));
    current.commit();
  }

  void disconnect() {
    Connection old = connection;
    connection = null;
    if (old == null) {
      return;
    }
    try (old) {
      old.rollback();
    } catch (SQLException gone) {
      // It is broken: there is nothing to roll back, and the pool replaces it.
      connection = null;
    }
  }

  private Connection connect() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = database.connection();
      connection = current;
      current.setAutoCommit(false);
      try (Statement statement = current.createStatement()) {
        statement.execute(CopyWriter.CREATE_TABLE);
      }
      current.commit();
    }
    return current;
  }

  /** Puts what may be new into {@code fresh}; returns what contradicts another in this batch. */
  private List<Entry> sort(List<Entry> entries, StreamRows streams, Map<Place, Entry> fresh) {
    List<Entry> conflicts = new ArrayList<>();
    for (Entry entry : entries) {
      entry.is(Fate.PENDING);
      if (entry.event() instanceof ReceivedEvent.Invalid invalid) {
        entry.isRejected(invalid.code(), invalid.detail());
        continue;
      }
      ReceivedEvent.Valid event = (ReceivedEvent.Valid) entry.event();
      if (!bounds.accept(entry, event)) {
        continue;
      }
      Entry first = fresh.putIfAbsent(new Place(streams.id(entry.stream()), event.seq()), entry);
      if (first != null && !hash(first).equals(hash(entry))) {
        conflicts.add(conflicting(entry));
      }
    }
    return conflicts;
  }

  private void copy(Connection current, Map<Place, Entry> fresh) throws SQLException {
    try {
      CopyWriter copy = new CopyWriter();
      for (Map.Entry<Place, Entry> each : fresh.entrySet()) {
        copy.add(each.getKey().streamId(), (ReceivedEvent.Valid) each.getValue().event());
      }
      copy.copyInto(current);
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
  }

  private Set<Place> insert(Connection current) throws SQLException {
    Set<Place> counted = new HashSet<>();
    try (PreparedStatement insert = current.prepareStatement(INSERT)) {
      insert.setShort(1, shard);
      try (ResultSet inserted = insert.executeQuery()) {
        while (inserted.next()) {
          counted.add(new Place(inserted.getInt(1), inserted.getLong(2)));
        }
      }
    }
    return counted;
  }

  private void settle(
      Connection current, Map<Place, Entry> fresh, Set<Place> counted, List<Entry> conflicts)
      throws SQLException {
    counted.forEach(place -> fresh.get(place).is(Fate.COMMITTED));
    if (counted.size() == fresh.size()) {
      return;
    }
    Map<Place, String> stored = storedHashes(current);
    fresh.forEach(
        (place, entry) -> {
          if (entry.fate() == Fate.PENDING) {
            if (hash(entry).equals(stored.get(place))) {
              entry.is(Fate.DUPLICATE);
            } else {
              conflicts.add(conflicting(entry));
            }
          }
        });
  }

  private static Map<Place, String> storedHashes(Connection current) throws SQLException {
    Map<Place, String> stored = new HashMap<>();
    try (PreparedStatement query =
            current.prepareStatement(
                "SELECT stream_id, seq, i.hash FROM batch JOIN event_identity i USING (stream_id,"
                    + " seq)");
        ResultSet found = query.executeQuery()) {
      while (found.next()) {
        stored.put(
            new Place(found.getInt(1), found.getLong(2)),
            HexFormat.of().formatHex(found.getBytes(3)));
      }
    }
    return stored;
  }

  private static Entry conflicting(Entry entry) {
    entry.isRejected("CONFLICT", "the ledger holds another event with this stream and seq");
    return entry;
  }

  private static String hash(Entry entry) {
    return ((ReceivedEvent.Valid) entry.event()).hash().hex();
  }

  private static Map<UUID, @Nullable String> instances(List<Entry> entries) {
    Map<UUID, @Nullable String> instances = new HashMap<>();
    entries.forEach(entry -> instances.put(entry.stream(), entry.instance()));
    return instances;
  }

  private static Map<UUID, TreeSet<Long>> numbers(List<Entry> entries) {
    Map<UUID, TreeSet<Long>> numbers = new HashMap<>();
    entries.forEach(
        entry ->
            numbers.computeIfAbsent(entry.stream(), any -> new TreeSet<>()).add(entry.seq()));
    return numbers;
  }
}
