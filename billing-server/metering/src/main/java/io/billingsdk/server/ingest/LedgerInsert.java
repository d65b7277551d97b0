package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.ledger.EventRow;
import io.billingsdk.server.ledger.LedgerTransaction;
import io.billingsdk.server.ledger.LedgerTransaction.AppendOutcome;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import io.billingsdk.server.ledger.StreamRows;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Adds the events that are new, and the rollups of exactly these, in a transaction that is the
 * caller's, and gives every entry its fate. Writes nothing of what is refused. For one transaction.
 */
final class LedgerInsert {
  private final LedgerTransaction ledger;
  private final StreamRows rows;
  private final TimeBounds bounds;
  private final short shard;
  private final List<IncomingEvent> conflicts = new ArrayList<>();
  private final List<TakenKey> keyConflicts = new ArrayList<>();

  /** Over streams that are locked. */
  LedgerInsert(LedgerTransaction ledger, StreamRows rows, TimeBounds bounds, short shard) {
    this.ledger = ledger;
    this.rows = rows;
    this.bounds = bounds;
    this.shard = shard;
  }

  /**
   * An event whose idempotency key belongs to another with other content.
   *
   * @param row as it was to be stored
   */
  record TakenKey(NewEvent event, EventRow row, AppendOutcome.KeyConflict found) {}

  /**
   * Adds what is new.
   *
   * @param trusting whether the rows of the streams are believed where they say that a number has
   *     not come; if not, each event is looked up
   * @throws SQLException with a unique violation when they were believed and are wrong
   */
  void add(List<StreamEntries> streams, boolean trusting) throws SQLException {
    addFresh(fresh(sort(streams), trusting));
    MovedEvents.settle(ledger.connection(), streams, conflicts);
  }

  /** Those of them that have the identity of others and another content. */
  List<IncomingEvent> conflicts() {
    return conflicts;
  }

  /** Those that have the idempotency key of others and another content. */
  List<TakenKey> keyConflicts() {
    return keyConflicts;
  }

  /** The events within the bounds, once for each identity; the others get their fate. */
  private List<NewEvent> sort(List<StreamEntries> streams) {
    List<NewEvent> possible = new ArrayList<>();
    long now = bounds.clock().millis();
    for (StreamEntries each : streams) {
      int streamId = rows.id(each.stream());
      NewEvent last = null;
      for (IncomingEvent incomingEvent : each.entries()) {
        if (incomingEvent.wasTurnedAway()) {
          continue;
        }
        incomingEvent.setFate(Fate.PENDING);
        if (streamId == Corrections.STREAM_ID) {
          incomingEvent.reject("STREAM_RESERVED", "the stream is the server's own");
          continue;
        }
        if (incomingEvent.event() instanceof ReceivedEvent.Invalid invalid) {
          incomingEvent.reject(invalid.code(), invalid.detail());
          continue;
        }
        ReceivedEvent.Valid event = (ReceivedEvent.Valid) incomingEvent.event();
        if (!bounds.accept(incomingEvent, event, now)) {
          continue;
        }
        NewEvent newEvent = new NewEvent(streamId, incomingEvent, event);
        if (last == null || last.seq() != event.seq()) {
          last = newEvent;
          possible.add(last);
        } else {
          last.repeatedBy(newEvent);
        }
      }
    }
    return possible;
  }

  /** The events that are not in the ledger; the others get their fate. */
  private List<NewEvent> fresh(List<NewEvent> possible, boolean trusting) throws SQLException {
    List<NewEvent> suspects =
        trusting
            ? possible.stream().filter(c -> rows.hasCome(c.entry().stream(), c.seq())).toList()
            : possible;
    Map<EventId, byte[]> stored = ledger.stored(suspects.stream().map(NewEvent::id).toList());
    List<NewEvent> fresh = new ArrayList<>(possible.size());
    for (NewEvent each : possible) {
      byte[] there = stored.isEmpty() ? null : stored.get(each.id());
      if (there == null) {
        fresh.add(each);
        each.acceptAsNew(conflicts);
      } else {
        each.matchLedger(ContentHash.ofBytes(there), conflicts);
      }
    }
    return fresh;
  }

  private void addFresh(List<NewEvent> fresh) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    KeyOwners owners = KeyOwners.of(ledger.connection(), fresh);
    List<EventRow> events = new ArrayList<>(fresh.size());
    for (NewEvent each : fresh) {
      events.add(each.row(owners.of(each)));
    }
    List<AppendOutcome> outcomes = ledger.append(events, shard);
    for (int i = 0; i < events.size(); i++) {
      settle(fresh.get(i), events.get(i), outcomes.get(i));
    }
  }

  private void settle(NewEvent event, EventRow row, AppendOutcome outcome) {
    if (outcome instanceof AppendOutcome.KeyConflict found) {
      event.rejectForKeyOf(found.countedStream(), found.counted().seq());
      keyConflicts.add(new TakenKey(event, row, found));
    } else if (outcome instanceof AppendOutcome.Repeat) {
      event.entry().setFate(Fate.DUPLICATE);
    } else {
      event.entry().countFor(row.owner());
    }
  }
}
