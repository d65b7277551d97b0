package io.billingsdk.server.ledger;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.Spans.Span;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Sums of usage. Whole hours of UTC come from the rollups, which are of the same transactions as
 * the events; hours that a boundary cuts, and everything where a field of the metadata is asked
 * for, from the events. Both give the same sums. An event counts for the app that it belongs to, by
 * its key or since it was attributed.
 *
 * <p>One statement, and so one moment of the ledger. Thread-safe.
 */
public final class UsageTotals {
  /** More groups than these are refused. */
  public static final int MAX_GROUPS = 10_000;

  private final Database database;

  /** In a database. */
  public UsageTotals(Database database) {
    this.database = database;
  }

  /** From what the sums were made. */
  public enum Source {
    /** The rollups alone. */
    ROLLUPS,
    /** The events alone. */
    EVENTS,
    /** Rollups for whole hours, events for those that a boundary cuts. */
    ROLLUPS_AND_EVENTS
  }

  /**
   * The sum of a group in a bucket.
   *
   * @param bucket its beginning, which may be before the range's
   * @param group a value for each dimension asked for, in their order; null: of no app, of no key
   *     id, without that field
   * @param events how many; corrections are no events
   * @param usage their sum with all corrections, exactly
   * @param quantities the sum of each quantity asked for, in their order, exactly; 0 where no event
   *     has it
   */
  public record Row(
      Instant bucket,
      List<@Nullable String> group,
      long events,
      BigDecimal usage,
      List<BigDecimal> quantities) {}

  /**
   * The answer.
   *
   * @param rows by bucket, then group; a group without events has no row
   */
  public record Totals(Source source, List<Row> rows) {}

  /**
   * Sums up.
   *
   * @throws RequestRefusedException when there are more than {@value #MAX_GROUPS} rows
   */
  public Totals of(TotalsQuery query) {
    List<Instant> buckets = query.bucket().beginnings(query.from(), query.to(), query.zone());
    Spans spans =
        query.needsEvents()
            ? Spans.ofEvents(query.from(), query.to())
            : Spans.of(query.from(), query.to(), buckets);
    Sql sql = addTotals(new Sql(), query, buckets, spans);
    List<Row> rows = database.read(handle -> rows(handle, sql, buckets, query));
    return new Totals(source(spans), rows);
  }

  private static Source source(Spans spans) {
    if (spans.ofEvents().isEmpty()) {
      return Source.ROLLUPS;
    }
    return spans.rolledUp().isEmpty() ? Source.EVENTS : Source.ROLLUPS_AND_EVENTS;
  }

  /** Adds the statement for what is asked for. */
  static Sql addTotals(Sql sql, TotalsQuery query, List<Instant> buckets, Spans spans) {
    int dimensions = query.groupBy().size();
    StringBuilder names = new StringBuilder("bucket");
    for (int i = 1; i <= dimensions; i++) {
      names.append(", d").append(i);
    }
    sql.add("SELECT " + names + ", sum(events)::bigint AS events, sum(usage) AS usage");
    for (int i = 1; i <= query.quantities().size(); i++) {
      sql.add(", sum(q" + i + ") AS q" + i);
    }
    sql.add("FROM (");
    if (!spans.rolledUp().isEmpty()) {
      addRollups(sql, query, buckets, spans.rolledUp());
    }
    if (!spans.rolledUp().isEmpty() && !spans.ofEvents().isEmpty()) {
      sql.add("UNION ALL");
    }
    if (!spans.ofEvents().isEmpty()) {
      addEvents(sql, query, buckets, spans.ofEvents());
    }
    // Attributed events leave rows of no events behind.
    sql.add(") AS part GROUP BY " + names + " HAVING sum(events) <> 0");
    sql.add("ORDER BY " + names + " LIMIT " + (MAX_GROUPS + 1));
    return sql;
  }

  private static void addRollups(
      Sql sql, TotalsQuery query, List<Instant> buckets, List<Span> spans) {
    sql.add("SELECT width_bucket(r.hour, ?) AS bucket", SqlArrays.times(buckets));
    dimensions(sql, query.groupBy(), "r.%s");
    sql.add(", r.events, r.usage FROM");
    addSpans(sql, spans);
    // Of no app and of no key are empty texts there, since both are in the primary key.
    sql.add("CROSS JOIN LATERAL (SELECT s.hour, nullif(s.app_id, '') AS app_id,");
    sql.add("nullif(s.key_id, '') AS key_id, s.module, s.model, s.events, s.usage");
    sql.add("FROM usage_rollup_shard s WHERE s.hour >= span.first AND s.hour < span.beyond");
    EventFilter filter = query.filter();
    if (filter.unattributed()) {
      sql.add("AND s.app_id = ''");
    }
    if (filter.app() != null) {
      sql.add("AND s.app_id = ?", filter.app());
    }
    for (EventSource.Equal each : EventSource.equal(filter, "key_id")) {
      sql.add("AND s." + each.expression() + " = ?", each.value());
    }
    sql.add(") AS r");
  }

  private static void addEvents(
      Sql sql, TotalsQuery query, List<Instant> buckets, List<Span> spans) {
    sql.add("SELECT width_bucket(e.occurred_at, ?) AS bucket", SqlArrays.times(buckets));
    dimensions(sql, query.groupBy(), "e.%s");
    // A correction brings an event to what it should be, and is none more.
    sql.add(", CASE e.stream_id WHEN " + Corrections.STREAM_ID + " THEN 0 ELSE 1 END AS events,");
    sql.add("e.usage");
    int number = 0;
    for (String each : query.quantities()) {
      sql.add(", coalesce((e.quantities->>?)::numeric, 0) AS q" + ++number, each);
    }
    sql.add("FROM");
    addSpans(sql, spans);
    sql.add("CROSS JOIN LATERAL (");
    EventSource.add(sql, query.filter(), "span.first", "span.beyond");
    sql.add(") AS e");
  }

  private static void dimensions(Sql sql, List<Dimension> dimensions, String column) {
    int number = 0;
    for (Dimension each : dimensions) {
      String name = " AS d" + ++number;
      if (each instanceof Dimension.Metadata metadata) {
        sql.add(", e.metadata->>?" + name, metadata.field());
      } else if (each instanceof Dimension.Column known) {
        sql.add(", " + column.replace("%s", known.column()) + name);
      }
    }
  }

  private static void addSpans(Sql sql, List<Span> spans) {
    sql.add(
        "unnest(?::timestamptz[], ?::timestamptz[]) AS span (first, beyond)",
        SqlArrays.times(spans.stream().map(Span::first).toList()),
        SqlArrays.times(spans.stream().map(Span::end).toList()));
  }

  private static List<Row> rows(Handle handle, Sql sql, List<Instant> buckets, TotalsQuery query) {
    // The statement gives one more than these, and not all that there are.
    List<Row> rows = sql.query(handle).map(ResultRow.to(row -> row(row, buckets, query))).list();
    if (rows.size() > MAX_GROUPS) {
      throw RequestRefusedException.invalid(
          "groupBy",
          "such that there are at most "
              + MAX_GROUPS
              + " groups: ask for a shorter range, larger buckets or fewer dimensions");
    }
    return List.copyOf(rows);
  }

  private static Row row(ResultRow row, List<Instant> buckets, TotalsQuery query) {
    List<@Nullable String> group = new ArrayList<>();
    for (int i = 1; i <= query.groupBy().size(); i++) {
      group.add(row.textOrNull("d" + i));
    }
    List<BigDecimal> quantities = new ArrayList<>();
    for (int i = 1; i <= query.quantities().size(); i++) {
      quantities.add(row.decimal("q" + i));
    }
    return new Row(
        buckets.get(row.integer("bucket") - 1),
        Collections.unmodifiableList(group),
        row.number("events"),
        row.decimal("usage"),
        List.copyOf(quantities));
  }
}
