package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ingest.Entry.Fate;
import io.billingsdk.server.ledger.AppendOutcome;
import io.billingsdk.server.ledger.Corrections;
import io.billingsdk.server.ledger.EventId;
import io.billingsdk.server.ledger.EventRow;
import io.billingsdk.server.ledger.LedgerTransaction;
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
  private final List<Entry> conflicts = new ArrayList<>();
  private final List<KeyConflict> keyConflicts = new ArrayList<>();

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
  record KeyConflict(Candidate event, EventRow row, AppendOutcome.KeyConflict found) {}

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
  List<Entry> conflicts() {
    return conflicts;
  }

  /** Those that have the idempotency key of others and another content. */
  List<KeyConflict> keyConflicts() {
    return keyConflicts;
  }

  /** What is within the bounds, once for each identity; what is not gets its fate. */
  private List<Candidate> sort(List<StreamEntries> streams) {
    List<Candidate> possible = new ArrayList<>();
    long now = bounds.clock().millis();
    for (StreamEntries each : streams) {
      int streamId = rows.id(each.stream());
      Candidate last = null;
      for (Entry entry : each.entries()) {
        if (entry.wasTurnedAway()) {
          continue;
        }
        entry.is(Fate.PENDING);
        if (streamId == Corrections.STREAM_ID) {
          entry.isRejected("STREAM_RESERVED", "the stream is the server's own");
          continue;
        }
        if (entry.event() instanceof ReceivedEvent.Invalid invalid) {
          entry.isRejected(invalid.code(), invalid.detail());
          continue;
        }
        ReceivedEvent.Valid event = (ReceivedEvent.Valid) entry.event();
        if (!bounds.accept(entry, event, now)) {
          continue;
        }
        Candidate candidate = new Candidate(streamId, entry, event);
        if (last == null || last.seq() != event.seq()) {
          last = candidate;
          possible.add(last);
        } else {
          last.repeatedBy(candidate);
        }
      }
    }
    return possible;
  }

  /** What is not in the ledger; the others get their fate. */
  private List<Candidate> fresh(List<Candidate> possible, boolean trusting) throws SQLException {
    List<Candidate> suspects =
        trusting
            ? possible.stream().filter(c -> rows.hasCome(c.entry().stream(), c.seq())).toList()
            : possible;
    Map<EventId, byte[]> stored = ledger.stored(suspects.stream().map(Candidate::id).toList());
    List<Candidate> fresh = new ArrayList<>(possible.size());
    for (Candidate each : possible) {
      byte[] there = stored.isEmpty() ? null : stored.get(each.id());
      if (there == null) {
        fresh.add(each);
        each.isNew(conflicts);
      } else {
        each.isInTheLedger(ContentHash.ofBytes(there), conflicts);
      }
    }
    return fresh;
  }

  private void addFresh(List<Candidate> fresh) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    KeyOwners owners = KeyOwners.of(ledger.connection(), fresh);
    List<EventRow> events = new ArrayList<>(fresh.size());
    for (Candidate each : fresh) {
      events.add(each.row(owners.of(each)));
    }
    List<AppendOutcome> outcomes = ledger.append(events, shard);
    for (int i = 0; i < events.size(); i++) {
      settle(fresh.get(i), events.get(i), outcomes.get(i));
    }
  }

  private void settle(Candidate event, EventRow row, AppendOutcome outcome) {
    if (outcome instanceof AppendOutcome.KeyConflict found) {
      event.hasTheKeyOf(found.countedStream(), found.counted().seq());
      keyConflicts.add(new KeyConflict(event, row, found));
    } else if (outcome instanceof AppendOutcome.Repeat) {
      event.entry().is(Fate.DUPLICATE);
    } else {
      event.entry().isCountedFor(row.owner());
    }
  }
}
