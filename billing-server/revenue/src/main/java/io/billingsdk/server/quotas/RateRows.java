package io.billingsdk.server.quotas;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.quotas.RateDivision.Holding;
import io.billingsdk.server.quotas.RateDivision.Part;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Parts of rates, in the transaction of the caller, which is alone with the key. */
final class RateRows {
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.rate/' || :key, 0))";

  private static final String EXPIRED =
      "DELETE FROM quota_rate_share WHERE key_id = :key AND expires_at < :before";

  private static final String SELECT =
      """
      SELECT instance, stream, share, per_second, burst, held_rate, held_burst, asked
      FROM quota_rate_share WHERE key_id = :key ORDER BY instance, stream
      """;

  private static final String SAVE =
      """
      INSERT INTO quota_rate_share (key_id, instance, stream, share, per_second, burst, held_rate,
        held_burst, asked, expires_at)
      VALUES (:key, :instance, :stream, :share, :perSecond, :burst, :heldRate, :heldBurst, :asked,
        coalesce(CAST(:expires AS timestamptz), now()))
      ON CONFLICT (key_id, instance, stream) DO UPDATE SET share = excluded.share,
        per_second = excluded.per_second, burst = excluded.burst, held_rate = excluded.held_rate,
        held_burst = excluded.held_burst, asked = excluded.asked,
        expires_at = coalesce(CAST(:expires AS timestamptz), quota_rate_share.expires_at)
      """;

  private RateRows() {}

  static void lock(Handle handle, String key) {
    var unused = handle.createQuery(LOCK).bind("key", key).mapToMap().one();
  }

  static void deleteExpired(Handle handle, String key, Instant before) {
    handle.createUpdate(EXPIRED).bind("key", key).bind("before", before).execute();
  }

  static List<Holding> of(Handle handle, String key) {
    return handle.createQuery(SELECT).bind("key", key).map(ResultRow.to(RateRows::holding)).list();
  }

  private static Holding holding(ResultRow row) {
    return new Holding(
        row.text("instance"),
        row.uuid("stream"),
        row.number("share"),
        new Part(row.decimal("per_second"), row.number("burst")),
        new Part(row.decimal("held_rate"), row.number("held_burst")),
        row.number("asked"));
  }

  /**
   * Keeps a part.
   *
   * @param expires null where its holder has not spoken: it ends when it would have
   */
  static void save(Handle handle, String key, Holding holding, @Nullable Instant expires) {
    handle
        .createUpdate(SAVE)
        .bind("key", key)
        .bind("instance", holding.instance())
        .bind("stream", holding.stream())
        .bind("share", holding.share())
        .bind("perSecond", holding.part().perSecond())
        .bind("burst", holding.part().burst())
        .bind("heldRate", holding.held().perSecond())
        .bind("heldBurst", holding.held().burst())
        .bind("asked", holding.asked())
        .bind("expires", expires)
        .execute();
  }
}
