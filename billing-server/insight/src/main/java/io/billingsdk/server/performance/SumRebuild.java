package io.billingsdk.server.performance;

import io.billingsdk.server.costs.RemovedCosts;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.performance.Figures.Detail;
import io.billingsdk.server.performance.Pieces.SumCell;
import io.billingsdk.server.performance.SumRows.RowKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** Makes all sums again, from the costs alone. For one thread. */
final class SumRebuild {
  private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing.costs'))";

  private static final String NAMES =
      """
      SELECT d.dimension,
        CASE d.dimension WHEN 'user' THEN coalesce(c.subject, '') ELSE '' END AS subject,
        CASE d.dimension WHEN 'operation' THEN c.service ELSE '' END AS service,
        CASE d.dimension WHEN 'operation' THEN c.operation ELSE '' END AS operation,
        CASE d.dimension WHEN 'operation' THEN c.model ELSE '' END AS model,
        d.dimension = 'operation' AND c.prompt AS is_prompt,
        CASE c.state WHEN 'unknown' THEN '' ELSE c.currency END AS currency, c.state
      """;

  private static final String FROM =
      """
      FROM cost AS c CROSS JOIN unnest(ARRAY['total', 'user', 'operation']) AS d (dimension)
      WHERE c.at >= :from
      """;

  private static final String ADD_SERIES =
      "INSERT INTO analytics_series (dimension, subject, service, operation, model, is_prompt,"
          + " currency, state) SELECT DISTINCT * FROM ("
          + NAMES
          + FROM
          + ") AS n ON CONFLICT DO NOTHING";

  private static final String QUARTERS =
      """
      SELECT s.dimension, s.series_id, q.quarter, q.entries, q.uses, q.amount, q.timed,
        q.duration_ms, q.input, q.cached, q.output, q.failures, q.failure_cost, q.retries,
        q.retry_cost
      FROM (
        SELECT dimension, subject, service, operation, model, is_prompt, currency, state, quarter,
          count(*) AS entries, count(*) FILTER (WHERE is_use) AS uses,
          coalesce(sum(amount), 0) AS amount,
          count(duration_ms) FILTER (WHERE is_use AND has_details) AS timed,
          coalesce(sum(duration_ms) FILTER (WHERE is_use AND has_details), 0) AS duration_ms,
          coalesce(sum(input_tokens - cached_tokens) FILTER (WHERE is_use AND has_details), 0)
            AS input,
          coalesce(sum(cached_tokens) FILTER (WHERE is_use AND has_details), 0) AS cached,
          coalesce(sum(output_tokens) FILTER (WHERE is_use AND has_details), 0) AS output,
          count(*) FILTER (WHERE is_use AND has_details AND is_failed) AS failures,
          coalesce(sum(amount) FILTER (WHERE has_details AND is_failed), 0) AS failure_cost,
          count(*) FILTER (WHERE is_use AND has_details AND is_retry) AS retries,
          coalesce(sum(amount) FILTER (WHERE has_details AND is_retry), 0) AS retry_cost
        FROM (
          %s, floor(extract(epoch FROM c.at) / 900)::bigint AS quarter, c.stream_id <> 0 AS is_use,
            d.dimension = 'operation' AS has_details, c.amount, c.duration_ms, c.input_tokens,
            c.cached_tokens, c.output_tokens,
            coalesce(c.metadata->>'status' = 'failed', false) AS is_failed,
            CASE WHEN c.metadata->>'attempt' ~ '^[0-9]{1,15}([.][0-9]{1,18})?$'
              THEN (c.metadata->>'attempt')::numeric > 1 ELSE false END AS is_retry
          %s
        ) AS entry
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
      ) AS q JOIN analytics_series AS s USING (dimension, subject, service, operation, model,
        is_prompt, currency, state)
      ORDER BY s.dimension, s.series_id, q.quarter
      """
          .formatted(NAMES.strip(), FROM);

  private static final int ROWS_AT_ONCE = 2_000;
  private static final int FETCHED = 10_000;

  private final Handle handle;
  private final Map<RowKey, SortedMap<Integer, Figures>> open = new HashMap<>();
  private long series;
  private int rows;

  private SumRebuild(Handle handle) {
    this.handle = handle;
  }

  /** Keeps the writer of costs out until the transaction ends. */
  static void lock(Handle transaction) {
    transaction.execute(LOCK);
  }

  /** All whose costs are there, in one transaction; returns how many rows there are. */
  static int run(Handle handle) {
    lock(handle);
    Instant from = RemovedCosts.before(handle).orElse(Instant.EPOCH);
    handle
        .createUpdate("DELETE FROM analytics_sum WHERE block >= :block")
        .bind("block", Math.floorDiv(from.getEpochSecond(), 86_400))
        .execute();
    handle.createUpdate(ADD_SERIES).bind("from", from).execute();
    SumRebuild rebuild = new SumRebuild(handle);
    handle
        .createQuery(QUARTERS)
        .bind("from", from)
        .setFetchSize(FETCHED)
        .map(ResultRow.to(rebuild::take))
        .forEach(any -> {});
    rebuild.save();
    return rebuild.rows;
  }

  private boolean take(ResultRow row) {
    Figures figures = figures(row);
    long next = row.number("series_id");
    // Never within a series: the row of its month would be saved with a part of its days.
    if (next != series && open.size() >= ROWS_AT_ONCE) {
      save();
    }
    series = next;
    Instant at = Instant.ofEpochSecond(row.number("quarter") * 900);
    for (SumCell cell : SumCell.of(at)) {
      RowKey key = new RowKey(row.text("dimension"), cell.minutes(), cell.block(), series);
      open.computeIfAbsent(key, none -> new TreeMap<>())
          .merge(cell.number(), figures, Figures::plus);
    }
    return true;
  }

  private static Figures figures(ResultRow row) {
    List<BigDecimal> details =
        Stream.of(Detail.values())
            .map(each -> row.decimal(each.name().toLowerCase(Locale.ROOT)))
            .toList();
    return new Figures(
        row.number("entries"),
        row.number("uses"),
        row.decimal("amount"),
        row.number("timed"),
        row.decimal("duration_ms"),
        details);
  }

  private void save() {
    rows += open.size();
    SumRows.save(handle, open);
    open.clear();
  }
}
