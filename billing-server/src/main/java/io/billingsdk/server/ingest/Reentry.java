package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.KeyOwner;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerTransaction;
import io.billingsdk.server.ledger.Refused.Rejected;
import io.billingsdk.server.ledger.Replays.Duplicate;
import io.billingsdk.server.ledger.Replays.NotReplayable;
import io.billingsdk.server.ledger.Replays.Outcome;
import io.billingsdk.server.ledger.Replays.StillRejected;
import io.billingsdk.server.ledger.Replays.Storage;
import io.billingsdk.server.ledger.Replays.Stored;
import io.billingsdk.server.ledger.StreamRows;
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
final class Reentry implements Storage, BatchReplays.Storage {
  private final TimeBounds bounds;
  private final LedgerAppender appender;

  /** With the bounds of the collector, into a ledger of which no feature has a hook. */
  public Reentry() {
    this(LedgerAppender.withoutHooks());
  }

  /**
   * With the bounds of the collector.
   *
   * @param appender the way into the ledger
   */
  public Reentry(LedgerAppender appender) {
    this(TimeBounds.standard(), appender);
  }

  Reentry(TimeBounds bounds) {
    this(bounds, LedgerAppender.withoutHooks());
  }

  Reentry(TimeBounds bounds, LedgerAppender appender) {
    this.bounds = bounds;
    this.appender = appender;
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
    return new ReentryBatch(connection, bounds, appender, this).store(rejected, offsetMillis, app);
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
      LedgerTransaction ledger = appender.begin(connection);
      // Its number has come, when it was rejected: the row of the stream knows of it.
      StreamRows rows = StreamEntries.lock(connection, streams);
      new LedgerInsert(ledger, rows, bounds, Attributions.SHARD)
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
    KeyOwner owner = Objects.requireNonNull(entry.owner(), "counted");
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
