package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of migrations. */
final class MigrationRows {
  private static final String SELECT =
      """
      SELECT migration_id, plan, from_version::bigint AS from_version, to_version, timing, actor, created_at, done_up_to,
        migrated, refused, finished_at
      FROM subscription_migration
      """;

  private static final String INSERT =
      """
      INSERT INTO subscription_migration
        (migration_id, plan, from_version, to_version, timing, actor)
      VALUES (:id, :plan, :from, :to, :timing, :actor)
      """;

  private static final String ADVANCE =
      """
      UPDATE subscription_migration SET done_up_to = :upTo,
        migrated = migrated + :migrated, refused = refused + :refused
      WHERE migration_id = :id AND finished_at IS NULL AND done_up_to IS NOT DISTINCT FROM :place::uuid
      """;

  private MigrationRows() {}

  /**
   * A migration.
   *
   * @param upTo the last subscription that it has looked at; null at its beginning
   * @param migrated how many got the version, or get it at the end of their period
   * @param refused how many it could not change
   * @param finishedAt null while it goes on
   */
  record Migration(
      UUID id,
      MigrationTerms terms,
      String actor,
      Instant createdAt,
      @Nullable UUID upTo,
      long migrated,
      long refused,
      @Nullable Instant finishedAt) {}

  static void insert(Handle handle, UUID id, MigrationTerms terms, String actor) {
    handle
        .createUpdate(INSERT)
        .bind("id", id)
        .bind("plan", terms.plan())
        .bind("from", terms.fromVersion())
        .bind("to", terms.toVersion())
        .bind("timing", terms.timing().name())
        .bind("actor", actor)
        .execute();
  }

  static Optional<Migration> one(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + "WHERE migration_id = :id")
        .bind("id", id)
        .map(ResultRow.to(MigrationRows::migration))
        .findFirst();
  }

  static List<Migration> unfinished(Handle handle) {
    return handle
        .createQuery(SELECT + "WHERE finished_at IS NULL ORDER BY created_at, migration_id")
        .map(ResultRow.to(MigrationRows::migration))
        .list();
  }

  /**
   * Moves the place of a migration on, if it is still there.
   *
   * @return whether it was: otherwise another server has moved it
   */
  static boolean advance(
      Handle handle, UUID id, @Nullable UUID place, UUID upTo, boolean isMigrated) {
    return handle
            .createUpdate(ADVANCE)
            .bind("id", id)
            .bind("place", place)
            .bind("upTo", upTo)
            .bind("migrated", isMigrated ? 1 : 0)
            .bind("refused", isMigrated ? 0 : 1)
            .execute()
        > 0;
  }

  static void finish(Handle handle, UUID id) {
    handle
        .createUpdate(
            "UPDATE subscription_migration SET finished_at = now()"
                + " WHERE migration_id = :id AND finished_at IS NULL")
        .bind("id", id)
        .execute();
  }

  private static Migration migration(ResultRow row) {
    Long from = row.numberOrNull("from_version");
    return new Migration(
        row.uuid("migration_id"),
        new MigrationTerms(
            row.text("plan"),
            from == null ? null : from.intValue(),
            row.integer("to_version"),
            Timing.valueOf(row.text("timing"))),
        row.text("actor"),
        row.time("created_at"),
        row.uuidOrNull("done_up_to"),
        row.number("migrated"),
        row.number("refused"),
        row.timeOrNull("finished_at"));
  }
}
