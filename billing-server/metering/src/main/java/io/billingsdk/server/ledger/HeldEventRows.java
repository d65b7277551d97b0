package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Which rejected events come back by themselves. For one transaction, which is the caller's. */
public final class HeldEventRows {
  private static final String HOLD =
      "INSERT INTO held_event (rejected_id, occurred_at) SELECT id, :occurred FROM rejected_event"
          + " WHERE stream = :stream AND seq = :seq AND code = :code"
          + " AND NOT EXISTS (SELECT FROM replay WHERE replay.rejected_id = id)"
          + " ON CONFLICT DO NOTHING";

  private static final String LET_GO =
      "DELETE FROM held_event USING rejected_event r WHERE rejected_id = r.id AND r.stream ="
          + " :stream AND r.seq = :seq AND r.code = :code";

  private HeldEventRows() {}

  /** A rejected event, by what it was rejected under. */
  public record Which(UUID stream, long seq, String code) {}

  /** One that comes back, and when it happened. */
  public record Held(Which which, Instant occurred) {}

  /** Holds some, and lets others go, which were held or not. */
  public static void write(Connection connection, List<Held> held, List<Which> letGo)
      throws SQLException {
    var unused = Database.joined(connection, handle -> write(handle, held, letGo));
  }

  /**
   * Takes held events in as they were kept, a page in one transaction.
   *
   * @param storage where events go
   * @param from the first moment of events that are taken in
   * @param to the last one
   * @param most so many in a transaction
   * @return how many were taken in
   */
  public static int takeIn(
      Database database,
      BatchReplays.BatchReplayStorage storage,
      Instant from,
      Instant to,
      int most) {
    return new HeldReturns(database, storage).takeIn(from, to, most);
  }

  private static boolean write(Handle handle, List<Held> held, List<Which> letGo) {
    PreparedBatch insert = handle.prepareBatch(HOLD);
    for (Held each : held) {
      bind(insert.bind("occurred", each.occurred()), each.which()).add();
    }
    PreparedBatch delete = handle.prepareBatch(LET_GO);
    letGo.forEach(each -> bind(delete, each).add());
    return insert.execute().length + delete.execute().length > 0;
  }

  private static PreparedBatch bind(PreparedBatch statement, Which which) {
    return statement
        .bind("stream", which.stream())
        .bind("seq", which.seq())
        .bind("code", which.code());
  }
}
