package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.Streams.InstanceReport;
import java.util.List;

/** The instances of SDKs that report usage, and what each said of itself last. Thread-safe. */
final class InstanceReports {
  // The newest stream: each process has one of its own, and what the one before said last may come
  // after the first word of the next.
  private static final String SELECT =
      """
      SELECT DISTINCT ON (s.instance) s.instance, s.uuid, h.sdk_version, h.said_at, h.keys_version,
        h.accepted, h.delivered, h.pending, h.dead_lettered, h.dropped, h.rejected,
        h.journal_bytes, h.quarantined
      FROM stream s JOIN stream_hello h USING (stream_id)
      WHERE s.instance > :after ORDER BY s.instance, s.stream_id DESC LIMIT :most
      """;

  private final Database database;

  /** In a database. */
  InstanceReports(Database database) {
    this.database = database;
  }

  /**
   * Instances in the order of their names.
   *
   * @param after the name that they follow; empty for the first
   * @param most so many at most
   */
  List<InstanceReport> after(String after, int most) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT)
                .bind("after", after)
                .bind("most", most)
                .map(ResultRow.to(InstanceReports::producer))
                .list());
  }

  private static InstanceReport producer(ResultRow row) {
    return new InstanceReport(
        row.text("instance"),
        row.uuid("uuid"),
        row.text("sdk_version"),
        row.time("said_at"),
        row.number("keys_version"),
        StreamStateRows.loss(row),
        row.number("journal_bytes"),
        row.number("quarantined"));
  }
}
