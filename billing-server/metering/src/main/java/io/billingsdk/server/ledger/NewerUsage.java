package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where the usage of apps has changed since a cut: by events that came late, by corrections and by
 * attributions. Each of them adds to a rollup with its own number, so the rollups alone answer.
 * Thread-safe.
 */
public final class NewerUsage {
  // Materialized: one walk over what is new of the apps, however many ranges there are.
  private static final String CHANGED =
      """
      WITH asked AS MATERIALIZED (
        SELECT * FROM unnest(?::text[], ?::timestamptz[], ?::timestamptz[]) WITH ORDINALITY
          AS asked (app_id, first, beyond, place)
      ), newer AS MATERIALIZED (
        SELECT DISTINCT app_id, hour FROM usage_rollup_shard
        WHERE app_id = ANY (?) AND cut_no > ? AND cut_no <= ?
          AND hour < (SELECT max(beyond) FROM asked)
      )
      SELECT DISTINCT a.place FROM asked a JOIN newer n ON n.app_id = a.app_id
        AND n.hour < a.beyond AND n.hour + interval '1 hour' > a.first
      """;

  private final Database database;

  /** In a database. */
  public NewerUsage(Database database) {
    this.database = database;
  }

  /**
   * The ranges with a change: too many rather than too few, since a change counts for its hour.
   *
   * @param since the cut up to which the caller has seen the usage
   * @param cut up to which a change counts
   */
  public Set<AppRange> changed(List<AppRange> ranges, long since, long cut) {
    if (ranges.isEmpty()) {
      return Set.of();
    }
    Sql sql =
        new Sql()
            .add(
                CHANGED,
                SqlArrays.texts(ranges.stream().map(AppRange::app).toList()),
                SqlArrays.times(ranges.stream().map(AppRange::from).toList()),
                SqlArrays.times(ranges.stream().map(AppRange::to).toList()),
                SqlArrays.texts(ranges.stream().map(AppRange::app).distinct().toList()),
                since,
                cut);
    return database.read(
        handle ->
            sql
                .query(handle)
                .map(ResultRow.to(row -> ranges.get(row.integer("place") - 1)))
                .stream()
                .collect(Collectors.toSet()));
  }
}
