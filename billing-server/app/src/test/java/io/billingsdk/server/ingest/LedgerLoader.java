package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ContentHash;
import io.billingsdk.protocol.KeyRef;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.Strangers;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Stores events as the collector does, in its transactions, without a broker. */
public final class LedgerLoader implements AutoCloseable {
  private static final int BATCH = 5_000;

  private final LedgerWriter writer;
  private final UUID stream = UUID.randomUUID();
  private final List<IncomingEvent> batch = new ArrayList<>();
  private long last;

  /** As of a moment, from which the bounds of time are counted. */
  public LedgerLoader(Database database, Instant now) {
    TimeBounds bounds =
        new TimeBounds(Duration.ofDays(800), Duration.ofDays(1), Clock.fixed(now, ZoneOffset.UTC));
    this.writer = new LedgerWriter(database, bounds, 3, new Strangers(), Failpoint.Hook.NONE);
  }

  /** Adds an event of a key; returns its number. */
  public long add(
      String keyId,
      String module,
      String model,
      BigDecimal usage,
      Instant at,
      @Nullable String json)
      throws Exception {
    long seq = ++last;
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(ByteBuffer.allocate(Long.BYTES).putLong(seq).array());
    batch.add(
        new IncomingEvent(
            stream,
            "loader",
            new ReceivedEvent.Valid(
                seq,
                new KeyRef.KeyId(keyId),
                module,
                model,
                usage,
                at.toEpochMilli(),
                json,
                null,
                Map.of(),
                UsedBy.UNKNOWN,
                ContentHash.ofBytes(Arrays.copyOf(hash, 16)))));
    if (batch.size() == BATCH) {
      flush();
    }
    return seq;
  }

  /** All that was added is committed when this returns. */
  public void flush() throws Exception {
    if (!batch.isEmpty()) {
      writer.store(batch);
      batch.clear();
    }
  }

  /** The stream of all its events. */
  public UUID stream() {
    return stream;
  }

  @Override
  public void close() {
    writer.disconnect();
  }
}
