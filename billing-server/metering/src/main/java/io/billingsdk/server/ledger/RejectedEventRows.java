package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.ledger.LedgerTransaction.AppendOutcome;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is refused: events with their reason, and conflicts. Their contents hold no key. A row
 * that is there already stays as it is. For one transaction, which is the caller's.
 */
public final class RejectedEventRows {
  private static final String REJECT =
      """
      INSERT INTO rejected_event (stream, seq, instance, code, detail, content)
      VALUES (:stream::uuid, :seq, :instance, :code, :detail, :content) ON CONFLICT DO NOTHING
      """;

  private static final String CONFLICT =
      """
      INSERT INTO conflicting_event (stream_id, seq, hash, instance, content)
      VALUES (:stream, :seq, :hash, :instance, :content::jsonb) ON CONFLICT DO NOTHING
      """;

  private static final String KEY_CONFLICT =
      """
      INSERT INTO conflicting_event (stream_id, seq, hash, instance, content, app_id,
        idempotency_key, said, occurred_at, counted_stream_id, counted_seq)
      VALUES (:stream, :seq, :hash, :instance, :content::jsonb, :app, :key, :said, :occurred,
        :countedStream, :countedSeq) ON CONFLICT DO NOTHING
      """;

  private final Connection connection;
  private final RejectionCounts counts = new RejectionCounts();

  /** In the transaction of a connection. */
  public RejectedEventRows(Connection connection) {
    this.connection = connection;
  }

  /**
   * A refused event, or a message that could not be read.
   *
   * @param stream null for a message, whose number is 0
   * @param instance that sent it, if that is known
   */
  public record RejectedRow(
      @Nullable UUID stream,
      long seq,
      @Nullable String instance,
      String code,
      String detail,
      String content) {}

  /**
   * An event under whose identity the ledger holds another one.
   *
   * @param content as JSON
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared, and never changed.
  public record Conflict(EventId id, byte[] hash, @Nullable String instance, String content) {}

  /** Counts a refused event; {@link #saveCounts} stores it. */
  public void count(String sender, String code, boolean kept) {
    counts.add(sender, code, kept);
  }

  /** Adds what was counted here to what was counted before; once. */
  public void saveCounts() throws SQLException {
    counts.save(connection);
  }

  /** Keeps refused events. */
  public void addRejected(List<RejectedRow> rejected) throws SQLException {
    if (rejected.isEmpty()) {
      return;
    }
    var unused =
        Database.joined(
            connection,
            handle -> {
              PreparedBatch insert = handle.prepareBatch(REJECT);
              for (RejectedRow each : rejected) {
                insert
                    .bind("stream", each.stream())
                    .bind("seq", each.seq())
                    .bind("instance", each.instance())
                    .bind("code", each.code())
                    .bind("detail", each.detail())
                    .bind("content", each.content())
                    .add();
              }
              return insert.execute();
            });
  }

  /** Keeps events that have the identity of others, and another content. */
  public void addConflicts(List<Conflict> conflicts) throws SQLException {
    if (conflicts.isEmpty()) {
      return;
    }
    var unused =
        Database.joined(
            connection,
            handle -> {
              PreparedBatch insert = handle.prepareBatch(CONFLICT);
              conflicts.forEach(each -> bind(insert, each).add());
              return insert.execute();
            });
  }

  /**
   * Keeps an event that has the idempotency key of another, and another content.
   *
   * @param event whose key it is
   * @param found what became of it
   */
  public void addKeyConflict(Conflict kept, EventRow event, AppendOutcome.KeyConflict found)
      throws SQLException {
    var unused =
        Database.joined(
            connection,
            handle ->
                bind(handle.createUpdate(KEY_CONFLICT), kept)
                    .bind("app", event.owner().app())
                    .bind("key", event.idempotencyKey())
                    .bind("said", found.said())
                    .bind("occurred", event.stated())
                    .bind("countedStream", found.counted().streamId())
                    .bind("countedSeq", found.counted().seq())
                    .execute());
  }

  private static <S extends SqlStatement<S>> S bind(S insert, Conflict conflict) {
    return insert
        .bind("stream", conflict.id().streamId())
        .bind("seq", conflict.id().seq())
        .bind("hash", conflict.hash())
        .bind("instance", conflict.instance())
        .bind("content", conflict.content());
  }
}
