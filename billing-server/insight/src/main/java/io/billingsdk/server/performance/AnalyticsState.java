package io.billingsdk.server.performance;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What holds for sums, sketches and steps as a whole. */
enum AnalyticsState {
  /** Sums have to be made again from the costs. */
  REBUILD,
  /** Steps before a moment are removed. */
  STEPS,
  /** Sums before a moment are removed. */
  SUMS,
  /** Sketches before a moment are removed. */
  SKETCHES;

  private static final String NOTE =
      """
      INSERT INTO analytics_state AS s (name, at) VALUES (:name, :at)
      ON CONFLICT (name) DO UPDATE SET at = greatest(s.at, excluded.at)
      """;

  /** The moment; empty while nothing holds. */
  Optional<Instant> at(Handle handle) {
    return handle
        .createQuery("SELECT at FROM analytics_state WHERE name = :name")
        .bind("name", text())
        .map(ResultRow.to(row -> row.time("at")))
        .findFirst();
  }

  void note(Handle handle, Instant at) {
    handle.createUpdate(NOTE).bind("name", text()).bind("at", at).execute();
  }

  void end(Handle handle) {
    handle
        .createUpdate("DELETE FROM analytics_state WHERE name = :name")
        .bind("name", text())
        .execute();
  }

  private String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
