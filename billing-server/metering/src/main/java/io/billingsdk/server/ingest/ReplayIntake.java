package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.BatchReplays;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerTransaction;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import io.billingsdk.server.ledger.RejectedEventReplay.Duplicate;
import io.billingsdk.server.ledger.RejectedEventReplay.NotReplayable;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayOutcome;
import io.billingsdk.server.ledger.RejectedEventReplay.ReplayStorage;
import io.billingsdk.server.ledger.RejectedEventReplay.StillRejected;
import io.billingsdk.server.ledger.RejectedEventReplay.Stored;
import io.billingsdk.server.ledger.RejectedEvents.RejectedEvent;
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
 * collector, in the transaction of the one who sends them. Thread-safe.
 */
final class ReplayIntake implements ReplayStorage, BatchReplays.BatchReplayStorage {
  private final TimeBounds bounds;
  private final LedgerAppender appender;

  /**
   * With the bounds of the collector.
   *
   * @param appender the way into the ledger
   */
  ReplayIntake(LedgerAppender appender) {
    this(TimeBounds.standard(), appender);
  }

  ReplayIntake(TimeBounds bounds, LedgerAppender appender) {
    this.bounds = bounds;
    this.appender = appender;
  }

  @Override
  public ReplayOutcome store(
      Connection connection, RejectedEvent rejected, @Nullable LongFunction<ReceivedEvent> amended)
      throws SQLException {
    UUID stream = rejected.stream();
    if (stream != null && amended != null) {
      return store(
          connection,
          new IncomingEvent(stream, rejected.instance(), amended.apply(rejected.seq())));
    }
    StoredRejection storedRejection = StoredRejection.of(rejected, 0);
    IncomingEvent incomingEvent = storedRejection.entry();
    return incomingEvent == null
        ? new NotReplayable(storedRejection.whyNot())
        : store(connection, incomingEvent);
  }

  @Override
  public List<BatchReplays.Replayed> storeAll(
      Connection connection, List<RejectedEvent> rejected, long offsetMillis, @Nullable String app)
      throws SQLException {
    return new ReplayIntakeBatch(connection, bounds, appender, this)
        .store(rejected, offsetMillis, app);
  }

  /** Stores one that is by itself. */
  ReplayOutcome store(Connection connection, IncomingEvent incomingEvent) throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      if (incomingEvent.event() instanceof ReceivedEvent.Valid event
          && bounds.accept(incomingEvent, event, bounds.clock().millis())) {
        Partitions.make(connection, event.timestampMillis());
      }
      List<StreamEntries> streams = StreamEntries.of(List.of(incomingEvent));
      LedgerTransaction ledger = appender.begin(connection);
      // Its number has come, when it was rejected: the row of the stream knows of it.
      StreamRows rows = StreamEntries.lock(connection, streams);
      new LedgerInsert(ledger, rows, bounds, Attributions.SHARD)
          .add(streams, /* trusting= */ false);
      return outcome(incomingEvent);
    } catch (SQLException failed) {
      if (!Database.isDataError(failed)) {
        throw failed;
      }
      connection.rollback(before);
      return new StillRejected("NOT_STORABLE", "the database refuses a value of the event");
    }
  }

  /** What became of an entry that has its fate. */
  static ReplayOutcome outcome(IncomingEvent incomingEvent) {
    return switch (incomingEvent.fate()) {
      case COMMITTED -> new Stored(stored(incomingEvent));
      case DUPLICATE -> new Duplicate();
      case REJECTED -> new StillRejected(incomingEvent.code(), incomingEvent.detail());
      case PENDING, DEFERRED -> throw new IllegalStateException("stored without a fate");
    };
  }

  private static StoredEvent stored(IncomingEvent incomingEvent) {
    ReceivedEvent.Valid event = (ReceivedEvent.Valid) incomingEvent.event();
    KeyOwner owner = Objects.requireNonNull(incomingEvent.owner(), "counted");
    return new StoredEvent(
        Instant.ofEpochMilli(event.timestampMillis()),
        Instant.now(),
        incomingEvent.stream(),
        incomingEvent.seq(),
        owner.app(),
        owner.keyId(),
        event.module(),
        event.model(),
        event.usage(),
        event.metadata(),
        event.idempotencyKey(),
        DetailsOf.event(event),
        null);
  }
}
