package io.billingsdk.server.ledger;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.server.ServerException;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.ledger.CorrectionRows.Next;
import io.billingsdk.server.ledger.CorrectionRows.Original;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

  private static final String LATEST_FIRST = " ORDER BY c.seq DESC LIMIT ?";
  private static final String OF_ALL = "WHERE c.seq < ?" + LATEST_FIRST;
  private static final String OF_APP = "WHERE c.app_id = ? AND c.seq < ?" + LATEST_FIRST;

  private final Database database;
  private final Actor actor;

  /**
   * In a database.
   *
   * @param actor who corrects
   */
  public Corrections(Database database, Actor actor) {
    this.database = database;
    this.actor = actor;
  }

  /** What became of it. */
  public sealed interface Outcome {}

  /**
   * It was corrected.
   *
   * @param event that the correction is, as the ledger has it
   */
  public record Made(Correction correction, StoredEvent event) implements Outcome {}

  /**
   * Nothing was to be done.
   *
   * @param usage what the event amounts to, as before
   */
  public record Unchanged(BigDecimal usage) implements Outcome {}

  /**
   * Corrects an event. Done twice, the second time finds nothing to do.
   *
   * @param which an event that belongs to an app, and is no correction itself
   * @param usage what it should amount to, from 0, which cancels it, to 2^53
   * @param reason the operator's, 1 to 256 characters
   * @throws ServerException when there is no such event, or it cannot be corrected
   */
  public Outcome correct(EventRef which, BigDecimal usage, String reason) throws SQLException {
    Reasons.require(reason);
    if (!Bounds.isUsage(usage)) {
      throw ServerException.invalid("usage", "a number from 0 to 2^53 with at most 18 decimals");
    }
    return database.inTransaction(
        connection -> {
          Original original = original(connection, which);
          String app = original.app();
          if (app == null) {
            throw ServerException.conflict(
                "stream", "the event belongs to no app: attribute it before it is corrected");
          }
          Next next = CorrectionRows.lock(connection, original, which.seq());
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
          add(connection, original, made, before);
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
  public List<Correction> before(@Nullable String app, long before, int most) throws SQLException {
    return database.call(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(LIST + (app == null ? OF_ALL : OF_APP))) {
            int parameter = 0;
            if (app != null) {
              query.setString(++parameter, app);
            }
            query.setLong(++parameter, before);
            query.setInt(++parameter, most);
            List<Correction> found = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
              while (row.next()) {
                found.add(correction(row));
              }
            }
            return List.copyOf(found);
          }
        });
  }

  private static Original original(Connection connection, EventRef which) throws SQLException {
    String corrected = CorrectionRows.correctedBy(connection, which).orElse(null);
    if (corrected != null) {
      throw ServerException.conflict(
          "stream",
          "the event is a correction itself: correct the event that it corrects, " + corrected);
    }
    return CorrectionRows.find(connection, which)
        .orElseThrow(
            () ->
                ServerException.notFound(
                    "seq",
                    "the ledger has no event "
                        + which.seq()
                        + " of the stream "
                        + which.stream()
                        + " that was used at "
                        + which.occurredAt()));
  }

  private void add(Connection connection, Original original, Correction made, BigDecimal before)
      throws SQLException {
    CorrectionRows.addEvent(connection, made.itself(), original, made.difference());
    CorrectionRows.addPointer(connection, original.streamId(), made);
    Map<String, Object> after = new LinkedHashMap<>();
    after.put("appId", made.app());
    after.put("usage", made.usage().toPlainString());
    after.put("reason", made.reason());
    after.put("correction", made.itself().seq());
    AuditLog.write(
        connection,
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
        made.corrects());
  }

  private static Correction correction(ResultSet row) throws SQLException {
    OffsetDateTime used = row.getObject("occurred_at", OffsetDateTime.class);
    return new Correction(
        new EventRef(row.getObject("stream", UUID.class), row.getLong("seq"), used.toInstant()),
        new EventRef(
            row.getObject("corrects_stream", UUID.class),
            row.getLong("corrects_seq"),
            used.toInstant()),
        row.getString("app_id"),
        row.getBigDecimal("usage"),
        row.getBigDecimal("difference"),
        row.getString("reason"),
        row.getString("actor"),
        row.getObject("corrected_at", OffsetDateTime.class).toInstant());
  }
}
