package io.billingsdk.server.collect;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.collect.Claims.KeyConflict;
import io.billingsdk.server.collect.Entry.Fate;
import io.billingsdk.server.collect.Identities.Place;
import io.billingsdk.server.ledger.Corrections;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Adds the events that are new, and the rollups of exactly these, in a transaction that is the
 * caller's, and gives every entry its fate. Writes nothing of what is refused. For one transaction.
 */
final class LedgerInsert {
  private final Connection connection;
  private final StreamRows rows;
  private final TimeBounds bounds;
  private final short shard;
  private final List<Entry> conflicts = new ArrayList<>();
  private final List<KeyConflict> keyConflicts = new ArrayList<>();

  /** Over streams that are locked. */
  LedgerInsert(Connection connection, StreamRows rows, TimeBounds bounds, short shard) {
    this.connection = connection;
    this.rows = rows;
    this.bounds = bounds;
    this.shard = shard;
  }

  /**
   * Adds what is new.
   *
   * @param trusting whether the rows of the streams are believed where they say that a number has
   *     not come; if not, each event is looked up
   * @throws SQLException with a unique violation when they were believed and are wrong
   */
  void add(List<StreamEntries> streams, boolean trusting) throws SQLException {
    addFresh(fresh(sort(streams), trusting));
    MovedEvents.settle(connection, streams, conflicts);
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
    Map<Place, ContentHash> stored =
        suspects.isEmpty() ? Map.of() : Identities.stored(connection, suspects);
    List<Candidate> fresh = new ArrayList<>(possible.size());
    for (Candidate each : possible) {
      ContentHash there = stored.get(Place.of(each));
      if (there == null) {
        fresh.add(each);
        each.isNew(conflicts);
      } else {
        each.isInTheLedger(there, conflicts);
      }
    }
    return fresh;
  }

  private void addFresh(List<Candidate> fresh) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    KeyOwners owners = KeyOwners.of(connection, fresh);
    // First those: a conflict leaves no identity here, or it would be a duplicate the next time.
    Claims claims = Claims.of(connection, fresh, owners);
    List<Candidate> counted = claims.fresh();
    List<Candidate> repeats = claims.repeats();
    keyConflicts.addAll(claims.conflicts());
    List<Candidate> stored = new ArrayList<>(counted);
    stored.addAll(repeats);
    Identities.add(connection, stored);
    repeats.forEach(each -> each.entry().is(Fate.DUPLICATE));
    LedgerCopy.add(connection, counted, owners);
    Rollups rollups = new Rollups();
    for (Candidate each : counted) {
      KeyOwners.Owner owner = owners.of(each);
      rollups.add(each, owner);
      each.entry().isCountedFor(owner);
    }
    rollups.save(connection, shard);
  }
}
