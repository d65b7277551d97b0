package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ledger.HeldEventRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Notes which rejected events come back by themselves: those that only a clock keeps out, and
 * nobody knows whose. Of the others it is known that their own time is wrong.
 */
final class HeldEvents {
  private static final Set<String> CODES = Set.of(TimeBounds.IN_FUTURE, TimeBounds.TOO_OLD);

  /** 9999-12-31: a later time is no clock's fault, and the database has an end too. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private HeldEvents() {}

  /** Whether the time of an event is one that may come. */
  static boolean canHold(ReceivedEvent.Valid event) {
    return event.timestampMillis() >= 0 && event.timestampMillis() <= LAST_MILLIS;
  }

  /** Of entries whose fate is settled, after they were kept. */
  static void write(Connection connection, List<IncomingEvent> entries) throws SQLException {
    List<HeldEventRows.Held> held = new ArrayList<>();
    List<HeldEventRows.Which> letGo = new ArrayList<>();
    for (IncomingEvent each : entries) {
      if (each.fate() == Fate.REJECTED && CODES.contains(each.code())) {
        HeldEventRows.Which which = new HeldEventRows.Which(each.stream(), each.seq(), each.code());
        if (each.isHeld() && each.event() instanceof ReceivedEvent.Valid event) {
          held.add(new HeldEventRows.Held(which, Instant.ofEpochMilli(event.timestampMillis())));
        } else {
          letGo.add(which);
        }
      }
    }
    if (!held.isEmpty() || !letGo.isEmpty()) {
      HeldEventRows.write(connection, held, letGo);
    }
  }
}
