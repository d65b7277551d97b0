package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.BatchReplays.Replayed;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerTransaction;
import io.billingsdk.server.ledger.RejectedEventReplay.NotReplayable;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayOutcome;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
import io.billingsdk.server.ledger.StreamRows;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rejected events on their way back into the ledger, all at once: locks are then taken in the order
 * in which collectors take them. Where the database refuses a value, each is stored by itself. For
 * one transaction.
 */
final class ReplayIntakeBatch {
  private final Connection connection;
  private final TimeBounds bounds;
  private final LedgerAppender appender;
  private final ReplayIntake one;

  ReplayIntakeBatch(
      Connection connection, TimeBounds bounds, LedgerAppender appender, ReplayIntake one) {
    this.connection = connection;
    this.bounds = bounds;
    this.appender = appender;
    this.one = one;
  }

  private record Item(RejectedEvent rejected, StoredRejection kept) {}

  /** Stores those of an app, or all. */
  List<Replayed> store(List<RejectedEvent> rejected, long offsetMillis, @Nullable String app)
      throws SQLException {
    List<Item> items = new ArrayList<>();
    for (RejectedEvent each : rejected) {
      items.add(new Item(each, StoredRejection.of(each, offsetMillis)));
    }
    List<Item> meant = app == null ? items : ofApp(items, app);
    List<IncomingEvent> entries =
        meant.stream().map(i -> i.kept().entry()).filter(e -> e != null).toList();
    Map<IncomingEvent, ReplayOutcome> outcomes = entries.isEmpty() ? Map.of() : store(entries);
    List<Replayed> replayed = new ArrayList<>();
    for (Item each : meant) {
      IncomingEvent incomingEvent = each.kept().entry();
      ReplayOutcome outcome =
          incomingEvent == null
              ? new NotReplayable(each.kept().whyNot())
              : Objects.requireNonNull(outcomes.get(incomingEvent), "has an outcome");
      replayed.add(new Replayed(each.rejected(), outcome, time(incomingEvent)));
    }
    return replayed;
  }

  private static @Nullable Instant time(@Nullable IncomingEvent incomingEvent) {
    return incomingEvent != null && incomingEvent.event() instanceof ReceivedEvent.Valid event
        ? Instant.ofEpochMilli(event.timestampMillis())
        : null;
  }

  /** One whose key cannot be read belongs to none. */
  private List<Item> ofApp(List<Item> items, String app) throws SQLException {
    Map<Item, NewEvent> candidates = new HashMap<>();
    for (Item each : items) {
      IncomingEvent incomingEvent = each.kept().entry();
      if (incomingEvent != null && incomingEvent.event() instanceof ReceivedEvent.Valid event) {
        candidates.put(each, new NewEvent(/* streamId= */ -1, incomingEvent, event));
      }
    }
    KeyOwners owners = KeyOwners.of(connection, List.copyOf(candidates.values()));
    return items.stream()
        .filter(
            each -> {
              NewEvent newEvent = candidates.get(each);
              return newEvent != null && app.equals(owners.of(newEvent).app());
            })
        .toList();
  }

  private Map<IncomingEvent, ReplayOutcome> store(List<IncomingEvent> entries) throws SQLException {
    Map<IncomingEvent, ReplayOutcome> outcomes = new HashMap<>();
    Savepoint before = connection.setSavepoint();
    try {
      makePartitions(entries);
      List<StreamEntries> streams = StreamEntries.of(entries);
      LedgerTransaction ledger = appender.begin(connection);
      StreamRows rows = StreamEntries.lock(connection, streams);
      new LedgerInsert(ledger, rows, bounds, Attributions.SHARD)
          .add(streams, /* trusting= */ false);
      entries.forEach(each -> outcomes.put(each, ReplayIntake.outcome(each)));
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      connection.rollback(before);
      for (IncomingEvent each : entries) {
        outcomes.put(each, one.store(connection, each));
      }
    }
    return outcomes;
  }

  private void makePartitions(List<IncomingEvent> entries) throws SQLException {
    long now = bounds.clock().millis();
    Map<YearMonth, Long> months = new HashMap<>();
    for (IncomingEvent each : entries) {
      if (each.event() instanceof ReceivedEvent.Valid event && bounds.accept(each, event, now)) {
        long millis = event.timestampMillis();
        months.put(YearMonth.from(Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC)), millis);
      }
    }
    for (long millis : months.values()) {
      Partitions.make(connection, millis);
    }
  }
}
