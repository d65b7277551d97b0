package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.db.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes the partitions of the ledger before they are needed, in transactions of their own: a late
 * or early event must not fail its batch. For one thread.
 */
final class Partitions {
  private static final String MAKE = "SELECT ensure_partition(:month)";

  private final Database database;
  private final TimeBounds bounds;
  private final Set<YearMonth> known = new TreeSet<>();

  // One of the known months, in milliseconds since 1970: the one of nearly all events.
  private long monthBegins;
  private long monthEnds;

  Partitions(Database database, TimeBounds bounds) {
    this.database = database;
    this.bounds = bounds;
  }

  void ensure(List<IncomingEvent> entries) throws SQLException {
    Set<YearMonth> needed = new TreeSet<>();
    // The next month too: its first event comes at midnight, with all others.
    YearMonth present = YearMonth.now(ZoneOffset.UTC);
    needed.add(present);
    needed.add(present.plusMonths(1));
    long now = bounds.clock().millis();
    for (IncomingEvent incomingEvent : entries) {
      // Not for what will be refused: a wrong clock must not make a thousand tables.
      if (incomingEvent.event() instanceof ReceivedEvent.Valid event
          && !isOfUsualMonth(event.timestampMillis())
          && bounds.accept(incomingEvent, event, now)) {
        note(month(event.timestampMillis()), needed);
      }
    }
    needed.removeAll(known);
    if (!needed.isEmpty()) {
      database.call(connection -> make(connection, needed));
      known.addAll(needed);
    }
  }

  private boolean isOfUsualMonth(long millis) {
    return millis >= monthBegins && millis < monthEnds;
  }

  private void note(YearMonth month, Set<YearMonth> needed) {
    if (known.contains(month)) {
      // Only of one that was made: should it fail, its events must ask for it again.
      monthBegins = millisOf(month);
      monthEnds = millisOf(month.plusMonths(1));
    } else {
      needed.add(month);
    }
  }

  private static YearMonth month(long millis) {
    return YearMonth.from(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
  }

  private static long millisOf(YearMonth month) {
    return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** Makes the one of a moment, in a transaction that is the caller's. */
  static void make(Connection connection, long millis) throws SQLException {
    var unused = make(connection, Set.of(month(millis)));
  }

  private static boolean make(Connection connection, Set<YearMonth> months) throws SQLException {
    return Database.joined(
        connection,
        handle -> {
          for (YearMonth month : months) {
            Instant beginning = month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
            handle.createUpdate(MAKE).bind("month", beginning).execute();
          }
          return true;
        });
  }
}
