package io.billingsdk.server.collect;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.collect.Claims.KeyConflict;
import io.billingsdk.server.collect.Entry.Fate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Keeps what is refused, with its reason, as far as its sender's {@link RowAllowance} goes. Beyond
 * it a good event that came at a wrong time is to come again, where its producer knows that; of all
 * else a sample is kept, and everything is counted. For one transaction.
 */
final class Refusals {
  private static final String REJECT =
      "INSERT INTO rejected_event (stream, seq, instance, code, detail, content) VALUES (?, ?, ?,"
          + " ?, ?, ?) ON CONFLICT DO NOTHING";

  private static final String KEY_CONFLICT =
      "INSERT INTO conflicting_event (stream_id, seq, hash, instance, content, app_id,"
          + " idempotency_key, said, occurred_at, counted_stream_id, counted_seq)"
          + " VALUES (?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private static final String LEFT_OUT =
      "UPDATE stream SET left_out = left_out + ? WHERE stream_id = ?";

  /** Reasons that pass with time, or with a clock that is set right. */
  private static final Set<String> OF_TIME = Set.of("TOO_OLD", "IN_FUTURE");

  private final Connection connection;
  private final StreamRows streams;
  private final RowAllowance allowance;

  Refusals(Connection connection, StreamRows streams, RowAllowance allowance) {
    this.connection = connection;
    this.streams = streams;
    this.allowance = allowance;
  }

  void write(List<Entry> entries, List<Entry> conflicts, List<KeyConflict> keyConflicts)
      throws SQLException {
    List<Entry> refused = entries.stream().filter(e -> e.fate() == Fate.REJECTED).toList();
    if (refused.isEmpty()) {
      return;
    }
    RefusalCounts counts = new RefusalCounts();
    for (Entry each : refused) {
      decide(each, counts);
    }
    counts.save(connection);
    writeLeftOut(entries);
    writeConflicts(conflicts.stream().filter(Refusals::isKept).toList());
    writeRejected(refused.stream().filter(e -> !e.code().equals("CONFLICT") && isKept(e)).toList());
    writeKeyConflicts(keyConflicts.stream().filter(each -> isKept(each.event().entry())).toList());
  }

  private void decide(Entry entry, RefusalCounts counts) {
    // Whoever cannot hear that it is to come again has nothing but what is kept here.
    boolean kept =
        (entry.isHeld() && entry.instance() == null)
            || entry.isKept(
                () -> allowance.keeps(entry.sender(), KeptEvents.characters(entry.event())));
    if (!kept && entry.instance() != null && OF_TIME.contains(entry.code())) {
      entry.isToComeAgain();
    } else {
      counts.add(entry.sender(), entry.code(), kept);
    }
  }

  private static boolean isKept(Entry entry) {
    return !entry.isDeferred() && !entry.isLeftOut();
  }

  /** How many numbers of each stream came now and have no row at all. */
  private void writeLeftOut(List<Entry> entries) throws SQLException {
    Map<UUID, Set<Long>> numbers = new HashMap<>();
    for (Entry each : entries) {
      // What was turned away has not come: its number is not among those that are reckoned with.
      if (each.isLeftOut()
          && !each.wasTurnedAway()
          && !streams.hasCome(each.stream(), each.seq())) {
        numbers.computeIfAbsent(each.stream(), any -> new HashSet<>()).add(each.seq());
      }
    }
    if (numbers.isEmpty()) {
      return;
    }
    for (Entry each : entries) {
      Set<Long> its = numbers.get(each.stream());
      if (its != null && !each.isLeftOut() && !each.isDeferred()) {
        its.remove(each.seq());
      }
    }
    try (PreparedStatement update = connection.prepareStatement(LEFT_OUT)) {
      for (Map.Entry<UUID, Set<Long>> each : numbers.entrySet()) {
        update.setLong(1, each.getValue().size());
        update.setInt(2, streams.id(each.getKey()));
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private void writeRejected(List<Entry> rejected) throws SQLException {
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
  private void writeKeyConflicts(List<KeyConflict> conflicts) throws SQLException {
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

  /** Keeps that messages could not be read at all; of their content only the length. */
  static void writeMalformed(Connection connection, RowAllowance allowance, List<Arrival> messages)
      throws SQLException {
    RefusalCounts counts = new RefusalCounts();
    try (PreparedStatement insert = connection.prepareStatement(REJECT)) {
      for (Arrival each : messages) {
        String sender = each.sender().login();
        String content = each.bytes() + " bytes";
        boolean kept = allowance.keeps(sender, content.length());
        counts.add(sender, "MALFORMED", kept);
        if (kept) {
          insert.setObject(1, null, java.sql.Types.OTHER);
          insert.setLong(2, 0);
          insert.setString(3, each.instance());
          insert.setString(4, "MALFORMED");
          insert.setString(5, each.malformed());
          insert.setString(6, content);
          insert.addBatch();
        }
      }
      insert.executeBatch();
    }
    counts.save(connection);
  }

  private void writeConflicts(List<Entry> conflicts) throws SQLException {
    if (conflicts.isEmpty()) {
      return;
    }
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
