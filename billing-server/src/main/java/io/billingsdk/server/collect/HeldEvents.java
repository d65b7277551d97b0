package io.billingsdk.server.collect;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.collect.Entry.Fate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/**
 * Notes which rejected events come back by themselves: those that only a clock keeps out, and
 * nobody knows whose. Of the others it is known that their own time is wrong.
 */
final class HeldEvents {
  private static final Set<String> CODES = Set.of(TimeBounds.IN_FUTURE, TimeBounds.TOO_OLD);

  /** 9999-12-31: what is beyond is no clock's fault, and the database has an end too. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private static final String HOLD =
      "INSERT INTO held_event (rejected_id, occurred_at) SELECT id, ? FROM rejected_event"
          + " WHERE stream = ? AND seq = ? AND code = ?"
          + " AND NOT EXISTS (SELECT FROM replay WHERE replay.rejected_id = id)"
          + " ON CONFLICT DO NOTHING";

  private static final String LET_GO =
      "DELETE FROM held_event USING rejected_event r WHERE rejected_id = r.id AND r.stream = ?"
          + " AND r.seq = ? AND r.code = ?";

  private HeldEvents() {}

  /** Whether the time of an event is one that may come. */
  static boolean canHold(ReceivedEvent.Valid event) {
    return event.timestampMillis() >= 0 && event.timestampMillis() <= LAST_MILLIS;
  }

  /** Of entries whose fate is settled, after they were kept. */
  static void write(Connection connection, List<Entry> entries) throws SQLException {
    List<Entry> rejected =
        entries.stream()
            .filter(each -> each.fate() == Fate.REJECTED && CODES.contains(each.code()))
            .toList();
    if (rejected.isEmpty()) {
      return;
    }
    try (PreparedStatement hold = connection.prepareStatement(HOLD);
        PreparedStatement letGo = connection.prepareStatement(LET_GO)) {
      for (Entry each : rejected) {
        PreparedStatement statement = each.isHeld() ? hold : letGo;
        int next = 1;
        if (each.isHeld() && each.event() instanceof ReceivedEvent.Valid event) {
          Instant occurred = Instant.ofEpochMilli(event.timestampMillis());
          statement.setObject(next++, occurred.atOffset(ZoneOffset.UTC));
        }
        statement.setObject(next++, each.stream());
        statement.setLong(next++, each.seq());
        statement.setString(next, each.code());
        statement.addBatch();
      }
      hold.executeBatch();
      letGo.executeBatch();
    }
  }
}
