package io.billingsdk.server.ledger;

import io.billingsdk.server.ledger.LedgerTransaction.AppendOutcome;
import io.billingsdk.server.ledger.LedgerTransaction.AppendOutcome.KeyConflict;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys, which the applications give: one of an app is counted once. An event whose key
 * is taken repeats the one that has it if it says the same, and is a conflict if not.
 */
final class IdempotencyKeys {
  private static final String SENT =
      """
      FROM (SELECT app, key, stream_id, seq, stated,
          usage_content(named, module, model, usage, metadata::jsonb, quantities::jsonb, subject,
            session, execution) AS content
        FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          AS s (app, key, stream_id, seq, named, module, model, usage, metadata, stated,
            quantities, subject, session, execution)) AS sent
      """;

  // In one order everywhere: two collectors with the same keys wait for each other in no circle.
  private static final String CLAIM =
      "INSERT INTO idempotency (app_id, idempotency_key, stream_id, seq, content, occurred_at)"
          + " SELECT app, key, stream_id, seq, content, stated "
          + SENT
          + """
          WHERE NOT EXISTS (
            SELECT FROM idempotency i WHERE i.app_id = sent.app
              AND i.idempotency_key = older_idempotency_key(sent.key) AND i.content IS NULL)
          ORDER BY 1, 2, 3, 4
          ON CONFLICT DO NOTHING
          RETURNING stream_id, seq
          """;

  private static final String CONFLICTING =
      "SELECT sent.stream_id, sent.seq, sent.content, i.stream_id, i.seq, u.uuid "
          + SENT
          + """
          JOIN idempotency i ON i.app_id = sent.app AND i.idempotency_key = sent.key
          JOIN stream u ON u.stream_id = i.stream_id
          WHERE i.content <> sent.content OR i.occurred_at <> sent.stated
          """;

  private static final AppendOutcome COUNTED = new AppendOutcome.Counted();
  private static final AppendOutcome REPEAT = new AppendOutcome.Repeat();

  private IdempotencyKeys() {}

  /** Claims the keys of new events; returns what becomes of each, in their order. */
  static List<AppendOutcome> of(Connection connection, List<EventRow> events) throws SQLException {
    List<EventRow> claiming = events.stream().filter(EventRow::claimsKey).toList();
    if (claiming.isEmpty()) {
      return Collections.nCopies(events.size(), COUNTED);
    }
    Set<EventId> claimed = claim(connection, claiming);
    List<EventRow> taken = claiming.stream().filter(e -> !claimed.contains(e.id())).toList();
    Map<EventId, KeyConflict> conflicting =
        taken.isEmpty() ? Map.of() : conflicting(connection, taken);
    List<AppendOutcome> outcomes = new ArrayList<>(events.size());
    for (EventRow each : events) {
      KeyConflict conflict = conflicting.get(each.id());
      if (conflict != null) {
        outcomes.add(conflict);
      } else {
        outcomes.add(!each.claimsKey() || claimed.contains(each.id()) ? COUNTED : REPEAT);
      }
    }
    return outcomes;
  }

  private static Set<EventId> claim(Connection connection, List<EventRow> events)
      throws SQLException {
    Set<EventId> claimed = new HashSet<>();
    // By hand: for each batch, and with a row for each of its events.
    try (PreparedStatement insert = connection.prepareStatement(CLAIM)) {
      set(connection, insert, events);
      try (ResultSet inserted = insert.executeQuery()) {
        while (inserted.next()) {
          claimed.add(new EventId(inserted.getInt(1), inserted.getLong(2)));
        }
      }
    }
    return claimed;
  }

  private static Map<EventId, KeyConflict> conflicting(Connection connection, List<EventRow> taken)
      throws SQLException {
    Map<EventId, KeyConflict> found = new HashMap<>();
    // By hand: for each batch, and with a row for each of its events.
    try (PreparedStatement query = connection.prepareStatement(CONFLICTING)) {
      set(connection, query, taken);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          found.put(
              new EventId(row.getInt(1), row.getLong(2)),
              new KeyConflict(
                  row.getBytes(3),
                  new EventId(row.getInt(4), row.getLong(5)),
                  row.getObject(6, UUID.class)));
        }
      }
    }
    return found;
  }

  private static void set(Connection connection, PreparedStatement query, List<EventRow> events)
      throws SQLException {
    query.setArray(1, array(connection, "text", events, e -> e.owner().app()));
    query.setArray(2, array(connection, "text", events, EventRow::idempotencyKey));
    query.setArray(3, array(connection, "integer", events, EventRow::streamId));
    query.setArray(4, array(connection, "bigint", events, EventRow::seq));
    query.setArray(5, array(connection, "text", events, e -> e.owner().keyId()));
    query.setArray(6, array(connection, "text", events, EventRow::module));
    query.setArray(7, array(connection, "text", events, EventRow::model));
    query.setArray(8, array(connection, "numeric", events, EventRow::usage));
    query.setArray(9, array(connection, "text", events, EventRow::metadata));
    query.setArray(10, array(connection, "timestamptz", events, EventRow::stated));
    query.setArray(11, array(connection, "text", events, e -> e.details().quantitiesJson()));
    query.setArray(12, array(connection, "text", events, e -> e.details().subject()));
    query.setArray(13, array(connection, "text", events, e -> e.details().session()));
    query.setArray(14, array(connection, "text", events, e -> e.details().execution()));
  }

  private static Array array(
      Connection connection,
      String type,
      List<EventRow> events,
      Function<EventRow, @Nullable Object> value)
      throws SQLException {
    return connection.createArrayOf(type, events.stream().map(value).toArray());
  }
}
