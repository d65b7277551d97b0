package io.billingsdk.server.privacy;

import io.billingsdk.server.db.ResultRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What the ledger and the costs hold of a subject. For one transaction. */
final class PersonUsage {
  /** So many events are in an export; the others are counted. */
  static final int MOST = 10_000;

  private static final String SUMS =
      """
      SELECT e.app_id, e.module, e.model, count(*) AS events,
        trim_scale(sum(e.usage + coalesce(c.difference, 0))) AS usage,
        min(e.occurred_at) AS first, max(e.occurred_at) AS last
      FROM usage_event_attributed e LEFT JOIN (
        SELECT corrects_stream_id, corrects_seq, sum(difference) AS difference
        FROM correction GROUP BY 1, 2
      ) c ON c.corrects_stream_id = e.stream_id AND c.corrects_seq = e.seq
      WHERE e.subject = :subject
      GROUP BY e.app_id, e.module, e.model ORDER BY e.app_id, e.module, e.model
      """;

  private static final String EVENTS =
      """
      SELECT s.uuid::text AS stream, e.seq, e.occurred_at, e.module, e.model,
        trim_scale(e.usage) AS usage, e.metadata::text AS metadata, e.session, e.execution
      FROM usage_event e JOIN stream s USING (stream_id) WHERE e.subject = :subject
      ORDER BY e.occurred_at, e.stream_id, e.seq LIMIT :most
      """;

  private static final String COSTS =
      """
      SELECT currency, trim_scale(sum(amount)) AS amount, count(*) AS uses FROM cost
      WHERE subject = :subject AND amount IS NOT NULL GROUP BY currency ORDER BY currency
      """;

  private PersonUsage() {}

  /** The usage of a model by a person; with all corrections. */
  record UsageView(
      @Nullable String appId,
      String module,
      String model,
      long events,
      BigDecimal usage,
      Instant first,
      Instant last) {}

  /** An event; as it came, without corrections. */
  record EventView(
      String stream,
      long seq,
      Instant occurredAt,
      String module,
      String model,
      BigDecimal usage,
      @Nullable String metadata,
      @Nullable String session,
      @Nullable String execution) {}

  /** The cost of what a person used, in one currency. */
  record CostView(String currency, BigDecimal amount, long uses) {}

  static List<UsageView> sums(Handle handle, String subject) {
    return handle
        .createQuery(SUMS)
        .bind("subject", subject)
        .map(
            ResultRow.to(
                row ->
                    new UsageView(
                        row.textOrNull("app_id"),
                        row.text("module"),
                        row.text("model"),
                        row.number("events"),
                        row.decimal("usage"),
                        row.time("first"),
                        row.time("last"))))
        .list();
  }

  static List<EventView> events(Handle handle, String subject) {
    return handle
        .createQuery(EVENTS)
        .bind("subject", subject)
        .bind("most", MOST)
        .map(
            ResultRow.to(
                row ->
                    new EventView(
                        row.text("stream"),
                        row.number("seq"),
                        row.time("occurred_at"),
                        row.text("module"),
                        row.text("model"),
                        row.decimal("usage"),
                        row.textOrNull("metadata"),
                        row.textOrNull("session"),
                        row.textOrNull("execution"))))
        .list();
  }

  static List<CostView> costs(Handle handle, String subject) {
    return handle
        .createQuery(COSTS)
        .bind("subject", subject)
        .map(
            ResultRow.to(
                row ->
                    new CostView(row.text("currency"), row.decimal("amount"), row.number("uses"))))
        .list();
  }

  /** How many events carry this subject. */
  static long count(Handle handle, String subject) {
    return handle
        .createQuery("SELECT count(*) AS events FROM usage_event WHERE subject = :subject")
        .bind("subject", subject)
        .map(ResultRow.to(row -> row.number("events")))
        .one();
  }
}
