package io.billingsdk.server.statistics;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Events of persons in their table. */
final class FactRows {
  private static final String ADD =
      """
      INSERT INTO statistics_event (person, at, stream_id, seq, profile, event_type, is_correction,
        amount, record_id, fields)
      VALUES (:person, :at, :stream, :seq, :profile, :type, :correction, :amount, :record, :fields)
      """;

  private static final String IS_COUNTED =
      """
      SELECT EXISTS (SELECT FROM statistics_event
        WHERE record_id = :record AND person = :person AND NOT is_correction) AS counted
      """;

  private static final String PAGE =
      """
      SELECT person, at, stream_id, seq, profile, event_type, is_correction, amount, record_id,
        fields
      FROM statistics_event
      WHERE person = ANY(:people::uuid[]) AND profile = :profile
      ORDER BY at, stream_id, seq LIMIT :most
      """;

  private FactRows() {}

  /**
   * An event of somebody.
   *
   * @param amount the usage of the ledger; of a correction the difference
   * @param recordId by which it was admitted; null of one that came by another way
   * @param fields of the profile alone, as JSON
   */
  record StoredFact(
      UUID person,
      Instant at,
      EventId event,
      String profile,
      String type,
      boolean isCorrection,
      BigDecimal amount,
      @Nullable String recordId,
      String fields) {}

  static void add(Handle handle, List<StoredFact> facts) {
    PreparedBatch batch = handle.prepareBatch(ADD);
    for (StoredFact each : facts) {
      batch
          .bind("person", each.person())
          .bind("at", each.at())
          .bind("stream", each.event().streamId())
          .bind("seq", each.event().seq())
          .bind("profile", each.profile())
          .bind("type", each.type())
          .bind("correction", each.isCorrection())
          .bind("amount", each.amount())
          .bind("record", each.recordId())
          .bind("fields", each.fields())
          .add();
    }
    batch.execute();
  }

  /** Whether the event of a record is counted. */
  static boolean isCounted(Handle handle, UUID person, String record) {
    return handle
        .createQuery(IS_COUNTED)
        .bind("record", record)
        .bind("person", person)
        .map(ResultRow.to(row -> row.flag("counted")))
        .one();
  }

  /** Events of people, in the order of their times. */
  static List<StoredFact> page(Handle handle, Collection<UUID> people, String profile, int most) {
    return handle
        .createQuery(PAGE)
        .bind("people", PersonRows.ids(people))
        .bind("profile", profile)
        .bind("most", most)
        .map(ResultRow.to(FactRows::fact))
        .list();
  }

  private static StoredFact fact(ResultRow row) {
    return new StoredFact(
        row.uuid("person"),
        row.time("at"),
        new EventId(row.integer("stream_id"), row.number("seq")),
        row.text("profile"),
        row.text("event_type"),
        row.flag("is_correction"),
        row.decimal("amount"),
        row.textOrNull("record_id"),
        row.text("fields"));
  }
}
