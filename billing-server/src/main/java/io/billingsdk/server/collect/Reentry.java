package io.billingsdk.server.collect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.ledger.Attributions;
import io.billingsdk.server.ledger.Refused.Rejected;
import io.billingsdk.server.ledger.Replays.Duplicate;
import io.billingsdk.server.ledger.Replays.NotReplayable;
import io.billingsdk.server.ledger.Replays.Outcome;
import io.billingsdk.server.ledger.Replays.StillRejected;
import io.billingsdk.server.ledger.Replays.Storage;
import io.billingsdk.server.ledger.Replays.Stored;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import io.billingsdk.wire.ReceivedEvent;
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
public final class Reentry implements Storage {
  private final TimeBounds bounds;

  /** With the bounds of the collector. */
  public Reentry() {
    this(TimeBounds.DEFAULT);
  }

  Reentry(TimeBounds bounds) {
    this.bounds = bounds;
  }

  @Override
  public Outcome store(
      Connection connection, Rejected rejected, @Nullable LongFunction<ReceivedEvent> amended)
      throws SQLException {
    UUID stream = rejected.stream();
    if (stream == null) {
      return new NotReplayable(
          "it is a whole message that could not be read: its events have no identity here");
    }
    if (amended != null) {
      return store(
          connection, new Entry(stream, rejected.instance(), amended.apply(rejected.seq())));
    }
    ObjectNode kept = KeptEvents.event(rejected.content()).orElse(null);
    if (kept == null) {
      return new NotReplayable("what was kept of it was cut off, or is no event");
    }
    if (KeptEvents.isMasked(kept)) {
      return new NotReplayable("the key that it named was not kept");
    }
    ReceivedEvent event = KeptEvents.read(rejected.seq(), kept);
    return store(connection, new Entry(stream, rejected.instance(), event));
  }

  private Outcome store(Connection connection, Entry entry) throws SQLException {
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

  private static Outcome outcome(Entry entry) {
    return switch (entry.fate()) {
      case COMMITTED -> new Stored(stored(entry));
      case DUPLICATE -> new Duplicate();
      case REJECTED -> new StillRejected(entry.code(), entry.detail());
      case PENDING -> throw new IllegalStateException("stored without a fate");
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
