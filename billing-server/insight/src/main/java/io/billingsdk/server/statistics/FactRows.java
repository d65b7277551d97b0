package io.billingsdk.server.statistics;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

  private static final String COLUMNS =
      """
      SELECT person, at, stream_id, seq, profile, event_type, is_correction, amount, record_id,
        fields
      FROM statistics_event
      """;

  private static final String OF_RECORD =
      COLUMNS + " WHERE record_id = :record AND person = :person AND NOT is_correction LIMIT 1";

  // One person at a time: so the rows come in the order of the primary key, however many there are.
  private static final String PAGE =
      COLUMNS
          + """
           WHERE person = :person AND profile = :profile
             AND (at, stream_id, seq) > (:at, :stream, :seq)
           ORDER BY at, stream_id, seq LIMIT :most
          """;

  private static final Instant BEFORE_ALL = Instant.parse("0001-01-01T00:00:00Z");

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

  /** The event of a record, if it is counted. */
  static Optional<StoredFact> ofRecord(Handle handle, UUID person, String record) {
    return handle
        .createQuery(OF_RECORD)
        .bind("record", record)
        .bind("person", person)
        .map(ResultRow.to(FactRows::fact))
        .findFirst();
  }

  /**
   * Events of a person, in the order of their times.
   *
   * @param after the last one of the page before; null for the first page
   */
  static List<StoredFact> page(
      Handle handle, UUID person, String profile, @Nullable StoredFact after, int most) {
    return handle
        .createQuery(PAGE)
        .bind("person", person)
        .bind("profile", profile)
        .bind("at", after == null ? BEFORE_ALL : after.at())
        .bind("stream", after == null ? -1 : after.event().streamId())
        .bind("seq", after == null ? -1L : after.event().seq())
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
