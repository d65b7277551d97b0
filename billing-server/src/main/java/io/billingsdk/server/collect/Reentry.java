package io.billingsdk.server.collect;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.Refused.Rejected;
import io.billingsdk.server.ledger.Replays.Duplicate;
import io.billingsdk.server.ledger.Replays.NotReplayable;
import io.billingsdk.server.ledger.Replays.Outcome;
import io.billingsdk.server.ledger.Replays.StillRejected;
import io.billingsdk.server.ledger.Replays.Storage;
import io.billingsdk.server.ledger.Replays.Stored;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The way back into the ledger for events that were rejected: the checks and the statements of the
 * collector, in the transaction of whoever sends them. Thread-safe.
 */
public final class Reentry implements Storage, BatchReplays.Storage {
  private final TimeBounds bounds;

  /** With the bounds of the collector. */
  public Reentry() {
    this(TimeBounds.standard());
  }

  Reentry(TimeBounds bounds) {
    this.bounds = bounds;
  }

  @Override
  public Outcome store(
      Connection connection, Rejected rejected, @Nullable LongFunction<ReceivedEvent> amended)
      throws SQLException {
    UUID stream = rejected.stream();
    if (stream != null && amended != null) {
      return store(
          connection, new Entry(stream, rejected.instance(), amended.apply(rejected.seq())));
    }
    Kept kept = Kept.of(rejected, 0);
    Entry entry = kept.entry();
    return entry == null ? new NotReplayable(kept.whyNot()) : store(connection, entry);
  }

  @Override
  public List<BatchReplays.Replayed> storeAll(
      Connection connection, List<Rejected> rejected, long offsetMillis, @Nullable String app)
      throws SQLException {
    return new ReentryBatch(connection, bounds, this).store(rejected, offsetMillis, app);
  }

  /** Stores one that is by itself. */
  Outcome store(Connection connection, Entry entry) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      if (entry.event() instanceof ReceivedEvent.Valid event
          && bounds.accept(entry, event, bounds.clock().millis())) {
        Partitions.make(connection, event.timestampMillis());
      }
      List<StreamEntries> streams = StreamEntries.of(List.of(entry));
      // Its number has come, when it was rejected: the row of the stream knows of it.
      StreamRows rows = StreamRows.lock(connection, streams);
      new LedgerInsert(connection, rows, bounds, Attributions.SHARD)
          .add(streams, /* trusting= */ false);
      return outcome(entry);
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      connection.rollback(before);
      return new StillRejected("NOT_STORABLE", "the database refuses a value of the event");
    }
  }

  /** What became of an entry that has its fate. */
  static Outcome outcome(Entry entry) {
    return switch (entry.fate()) {
      case COMMITTED -> new Stored(stored(entry));
      case DUPLICATE -> new Duplicate();
      case REJECTED -> new StillRejected(entry.code(), entry.detail());
      case PENDING, DEFERRED -> throw new IllegalStateException("stored without a fate");
    };
  }

  private static StoredEvent stored(Entry entry) {
    ReceivedEvent.Valid event = (ReceivedEvent.Valid) entry.event();
    KeyOwners.Owner owner = Objects.requireNonNull(entry.owner(), "counted");
    return new StoredEvent(
        Instant.ofEpochMilli(event.timestampMillis()),
        Instant.now(),
        entry.stream(),
        entry.seq(),
        owner.app(),
        owner.keyId(),
        event.module(),
        event.model(),
        event.usage(),
        event.metadata(),
        event.idempotencyKey(),
        null);
  }
}
