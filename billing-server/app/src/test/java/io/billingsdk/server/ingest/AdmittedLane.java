package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.IncomingEvent.Fate;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.Strangers;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A lane of the collector for events that name leases, without a broker. For one thread. */
public final class AdmittedLane implements AutoCloseable {
  private final LedgerWriter writer;

  /** With hooks, and the clock by which times are bounded. */
  public AdmittedLane(Database database, List<AppendHook> hooks, int shard, Clock clock) {
    TimeBounds bounds = new TimeBounds(Duration.ofDays(800), Duration.ofDays(1), clock);
    this.writer =
        new LedgerWriter(
            database,
            new LedgerAppender(hooks),
            bounds,
            shard,
            new RowAllowance(),
            new Strangers(),
            Failpoint.Hook.NONE);
  }

  /** An event as a client journals it. */
  public record Admitted(
      UUID stream,
      String instance,
      long seq,
      String keyId,
      BigDecimal usage,
      Instant at,
      List<String> admission) {}

  /** Stores events in one transaction; gives how many of them were new. */
  public int store(List<Admitted> events) throws Exception {
    return store(events, Map.of());
  }

  /** The same with the quantities that each of them has. */
  public int store(List<Admitted> events, Map<String, BigDecimal> quantities) throws Exception {
    List<IncomingEvent> entries = events.stream().map(each -> entry(each, quantities)).toList();
    writer.store(entries);
    return (int) entries.stream().filter(each -> each.fate() == Fate.COMMITTED).count();
  }

  private static IncomingEvent entry(Admitted event, Map<String, BigDecimal> quantities) {
    byte[] hash = ByteBuffer.allocate(16).putLong(event.seq()).array();
    return new IncomingEvent(
        event.stream(),
        event.instance(),
        new ReceivedEvent.Valid(
            event.seq(),
            new KeyRef.KeyId(event.keyId()),
            "llm",
            "gpt-4",
            event.usage(),
            event.at().toEpochMilli(),
            null,
            null,
            quantities,
            UsedBy.UNKNOWN,
            ContentHash.ofBytes(hash),
            event.admission()));
  }

  @Override
  public void close() {
    writer.disconnect();
  }
}
