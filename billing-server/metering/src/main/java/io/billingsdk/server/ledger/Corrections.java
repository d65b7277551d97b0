package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.CorrectionRows.Next;
import io.billingsdk.server.ledger.CorrectionRows.Original;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Brings events that were counted wrongly to what they should be. The ledger stays as it is: a
 * correction is another event, of the same moment, app, key, module, model and metadata, whose
 * usage is the difference. It counts as usage, not as an event.
 *
 * <p>Guarantees that an event amounts to what its last correction says, however many correct it at
 * once, and that the rollups follow in the same transaction. Thread-safe.
 */
public final class Corrections {
  /** The id of their stream, which is the server's own: nobody else adds to it. */
  public static final int STREAM_ID = 0;

  private static final String LIST =
      """
      SELECT own.uuid AS stream, c.seq, c.occurred_at, s.uuid AS corrects_stream, c.corrects_seq,
        c.app_id, c.usage, c.difference, c.reason, c.actor, c.corrected_at
      FROM correction c JOIN stream own ON own.stream_id = c.stream_id
      JOIN stream s ON s.stream_id = c.corrects_stream_id
      """;

  private static final String LATEST_FIRST = " ORDER BY c.seq DESC LIMIT :most";
  private static final String OF_ALL = "WHERE c.seq < :below" + LATEST_FIRST;
  private static final String OF_APP = "WHERE c.app_id = :app AND c.seq < :below" + LATEST_FIRST;

  private final Database database;
  private final Actor actor;
  private final LedgerAppender appender;

  /**
   * In a database.
   *
   * @param actor who corrects
   * @param appender the way into the ledger
   */
  public Corrections(Database database, Actor actor, LedgerAppender appender) {
    this.database = database;
    this.actor = actor;
    this.appender = appender;
  }

  /** What became of it. */
  public sealed interface CorrectionOutcome {}

  /**
   * It was corrected.
   *
   * @param event that the correction is, as the ledger has it
   */
  public record Made(Correction correction, StoredEvent event) implements CorrectionOutcome {}

  /**
   * Nothing was to be done.
   *
   * @param usage what the event amounts to, as before
   */
  public record Unchanged(BigDecimal usage) implements CorrectionOutcome {}

  /**
   * Corrects an event. Done twice, the second time finds nothing to do.
   *
   * @param which an event that belongs to an app, and is no correction itself
   * @param usage what it should amount to, from 0, which cancels it, to 2^53
   * @param reason the operator's, 1 to 256 characters
   * @throws RequestRefusedException when there is no such event, or it cannot be corrected
   */
  public CorrectionOutcome correct(EventRef which, BigDecimal usage, String reason) {
    Reasons.require(reason);
    if (!Bounds.isUsage(usage)) {
      throw RequestRefusedException.invalid(
          "usage", "a number from 0 to 2^53 with at most 18 decimals");
    }
    return database.inTransaction(
        (handle, connection) -> {
          LedgerTransaction ledger = appender.begin(connection);
          Original original = original(handle, which);
          String app = original.app();
          if (app == null) {
            throw RequestRefusedException.conflict(
                "stream", "the event belongs to no app: attribute it before it is corrected");
          }
          Next next = CorrectionRows.lock(handle, original, which.seq());
          BigDecimal before = original.usage().add(next.corrected());
          if (usage.compareTo(before) == 0) {
            return new Unchanged(before);
          }
          EventRef itself = new EventRef(next.stream(), next.seq(), which.occurredAt());
          Correction made =
              new Correction(
                  itself,
                  which,
                  app,
                  usage,
                  usage.subtract(before),
                  reason,
                  actor.name(),
                  next.at());
          add(handle, ledger, original, made, before);
          return new Made(made, event(original, made));
        });
  }

  /**
   * Corrections, the latest first.
   *
   * @param app only those of events of this one; null for all
   * @param before only those with a lower number; {@link Long#MAX_VALUE} for all
   * @param most so many at most
   */
  public List<Correction> before(@Nullable String app, long before, int most) {
    return database.read(
        handle -> {
          Query query = handle.createQuery(LIST + (app == null ? OF_ALL : OF_APP));
          if (app != null) {
            query.bind("app", app);
          }
          return query
              .bind("below", before)
              .bind("most", most)
              .map(ResultRow.to(Corrections::correction))
              .list();
        });
  }

  private static Original original(Handle handle, EventRef which) {
    String corrected = CorrectionRows.correctedBy(handle, which).orElse(null);
    if (corrected != null) {
      throw RequestRefusedException.conflict(
          "stream",
          "the event is a correction itself: correct the event that it corrects, " + corrected);
    }
    return CorrectionRows.find(handle, which)
        .orElseThrow(
            () ->
                RequestRefusedException.notFound(
                    "seq",
                    "the ledger has no event "
                        + which.seq()
                        + " of the stream "
                        + which.stream()
                        + " that was used at "
                        + which.occurredAt()));
  }

  private void add(
      Handle handle,
      LedgerTransaction ledger,
      Original original,
      Correction made,
      BigDecimal before)
      throws SQLException {
    CorrectionRows.addEvent(ledger, made.itself(), original, made.difference());
    CorrectionRows.addPointer(ledger, original.streamId(), made);
    Map<String, Object> after = new LinkedHashMap<>();
    after.put("appId", made.app());
    after.put("usage", made.usage().toPlainString());
    after.put("reason", made.reason());
    after.put("correction", made.itself().seq());
    AuditLog.write(
        handle,
        actor,
        "usage.correct",
        made.corrects().stream() + "/" + made.corrects().seq(),
        Map.of("usage", before.toPlainString()),
        after);
  }

  private static StoredEvent event(Original original, Correction made) {
    return new StoredEvent(
        made.itself().occurredAt(),
        made.correctedAt(),
        made.itself().stream(),
        made.itself().seq(),
        original.app(),
        original.key(),
        original.module(),
        original.model(),
        made.difference(),
        original.metadata(),
        null,
        original.details().withoutQuantities(),
        made.corrects());
  }

  private static Correction correction(ResultRow row) {
    Instant used = row.time("occurred_at");
    return new Correction(
        new EventRef(row.uuid("stream"), row.number("seq"), used),
        new EventRef(row.uuid("corrects_stream"), row.number("corrects_seq"), used),
        row.text("app_id"),
        row.decimal("usage"),
        row.decimal("difference"),
        row.text("reason"),
        row.text("actor"),
        row.time("corrected_at"));
  }

  /**
   * Names an event of the ledger. Its stream and number are its identity; the time of its use says
   * where to look for it.
   *
   * @param stream with {@code seq} its identity
   * @param occurredAt exactly as the ledger has it
   */
  public record EventRef(UUID stream, long seq, Instant occurredAt) {}
}
