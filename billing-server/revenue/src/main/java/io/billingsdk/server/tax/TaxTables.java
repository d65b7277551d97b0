package io.billingsdk.server.tax;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table of rates that counts: the latest edition. It remembers what it has read. Thread-safe.
 */
final class TaxTables {
  private static final RateTable SHIPPED = RateFile.shipped();

  private volatile @Nullable RateTable read;

  /** The table that counts now. */
  RateTable current(Database database) {
    return database.read(this::current);
  }

  private RateTable current(Handle handle) {
    Optional<LocalDate> latest =
        handle
            .createQuery("SELECT max(edition)::text AS edition FROM tax_table")
            .map(ResultRow.to(row -> Optional.ofNullable(row.textOrNull("edition"))))
            .one()
            .map(LocalDate::parse);
    if (latest.isEmpty() || !latest.get().isAfter(SHIPPED.edition())) {
      return SHIPPED;
    }
    RateTable known = read;
    if (known == null || !known.edition().equals(latest.get())) {
      known = RateFile.parse(content(handle, latest.get()));
      read = known;
    }
    return known;
  }

  private static String content(Handle handle, LocalDate edition) {
    return handle
        .createQuery("SELECT content FROM tax_table WHERE edition = :edition")
        .bind("edition", edition)
        .map(ResultRow.to(row -> row.text("content")))
        .one();
  }

  static void add(Handle handle, RateTable table, String content, String sha256, String actor) {
    handle
        .createUpdate(
            """
            INSERT INTO tax_table (edition, content, sha256, actor)
            VALUES (:edition, :content, :sha256, :actor)
            """)
        .bind("edition", table.edition())
        .bind("content", content)
        .bind("sha256", sha256)
        .bind("actor", actor)
        .execute();
  }
}
