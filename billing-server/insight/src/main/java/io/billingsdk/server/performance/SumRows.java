package io.billingsdk.server.performance;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.performance.Pieces.Piece;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/** Sums of costs in their table. */
final class SumRows {
  private static final String ADD =
      """
      INSERT INTO analytics_sum AS s (dimension, minutes, starts, subject, service, operation,
        is_prompt, currency, state, entries, uses, amount, timed, duration_ms)
      SELECT dimension, minutes, starts, subject, service, operation, is_prompt = 1, currency,
        state, entries, uses, trim_scale(amount), timed, duration_ms
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS d (dimension, minutes, starts,
        subject, service, operation, is_prompt, currency, state, entries, uses, amount, timed, duration_ms)
      WHERE entries > 0
      ON CONFLICT (dimension, minutes, starts, subject, service, operation, is_prompt, currency,
        state)
      DO UPDATE SET entries = s.entries + excluded.entries, uses = s.uses + excluded.uses,
        amount = trim_scale(s.amount + excluded.amount),
        timed = s.timed + excluded.timed, duration_ms = s.duration_ms + excluded.duration_ms
      """;

  // Some take away, and nothing is there for them but what was added before.
  private static final String CHANGE =
      """
      UPDATE analytics_sum AS s SET entries = s.entries + d.entries, uses = s.uses + d.uses,
        amount = trim_scale(s.amount + d.amount), timed = s.timed + d.timed,
        duration_ms = s.duration_ms + d.duration_ms
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AS d (dimension, minutes, starts,
        subject, service, operation, is_prompt, currency, state, entries, uses, amount, timed, duration_ms)
      WHERE d.entries <= 0 AND s.dimension = d.dimension AND s.minutes = d.minutes
        AND s.starts = d.starts AND s.subject = d.subject AND s.service = d.service
        AND s.operation = d.operation AND s.is_prompt = (d.is_prompt = 1)
        AND s.currency = d.currency AND s.state = d.state
      """;

  private static final String REMOVE =
      """
      DELETE FROM analytics_sum AS s
      USING unnest(?, ?, ?) AS d (dimension, minutes, starts)
      WHERE s.dimension = d.dimension AND s.minutes = d.minutes AND s.starts = d.starts
        AND s.entries = 0
      """;

  // A scan of the index for each piece: joined, all rows of the table would be read.
  private static final String SUMS =
      """
      SELECT p.bucket, s.name, s.currency, s.state, sum(s.uses)::bigint AS uses,
        sum(s.amount) AS amount, sum(s.timed)::bigint AS timed, sum(s.duration_ms) AS duration_ms
      FROM unnest(?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::bigint[])
        AS p (minutes, first, beyond, bucket)
      CROSS JOIN LATERAL (
        SELECT %s AS name, currency, state, sum(uses) AS uses, sum(amount) AS amount,
          sum(timed) AS timed, sum(duration_ms) AS duration_ms
        FROM analytics_sum
        WHERE dimension = '%s' AND minutes = p.minutes AND starts >= p.first
          AND starts < p.beyond%s
        GROUP BY name, currency, state
      ) AS s
      GROUP BY p.bucket, s.name, s.currency, s.state
      """;

  private SumRows() {}

  /** By what costs are summed up. */
  enum By {
    USER("user", "subject", ""),
    SERVICE("operation", "service", ""),
    PROMPT("operation", "operation", " AND is_prompt"),
    BUCKET("operation", "''", "");

    private final String sql;

    By(String dimension, String name, String filter) {
      this.sql = SUMS.formatted(name, dimension, filter);
    }
  }

  /**
   * A row of sums.
   *
   * @param dimension {@code user} or {@code operation}
   * @param currency empty while the cost is unknown
   */
  record SumKey(
      String dimension, int minutes, Instant starts, SumName name, String currency, String state) {}

  /**
   * What a row is about.
   *
   * @param subject empty for none, and where the row is not by user
   * @param service empty where the row is by user, and so on
   */
  record SumName(String subject, String service, String operation, boolean isPrompt) {}

  /**
   * Figures to add to a row.
   *
   * @param entries costs, with those of corrections: a row without one is gone
   * @param uses costs that are of no correction
   */
  record Difference(
      long entries, long uses, BigDecimal amount, long timed, BigDecimal durationMillis) {
    Difference plus(Difference other) {
      return new Difference(
          entries + other.entries,
          uses + other.uses,
          amount.add(other.amount),
          timed + other.timed,
          durationMillis.add(other.durationMillis));
    }

    boolean isNothing() {
      return entries == 0
          && uses == 0
          && amount.signum() == 0
          && timed == 0
          && durationMillis.signum() == 0;
    }
  }

  /** A sum of an answer. */
  record Sum(
      int bucket,
      String name,
      String currency,
      String state,
      long uses,
      BigDecimal amount,
      long timed,
      BigDecimal durationMillis) {}

  /** Adds to rows; one without uses is gone. */
  static void add(Handle handle, Map<SumKey, Difference> differences) {
    List<Map.Entry<SumKey, Difference>> all = List.copyOf(differences.entrySet());
    if (all.isEmpty()) {
      return;
    }
    bound(handle, ADD, all);
    if (all.stream().anyMatch(each -> each.getValue().entries() <= 0)) {
      bound(handle, CHANGE, all);
      handle
          .createUpdate(REMOVE)
          .bind(0, texts(all, SumKey::dimension))
          .bind(1, numbers(all, key -> (long) key.minutes()))
          .bind(2, SqlArrays.times(all.stream().map(each -> each.getKey().starts()).toList()))
          .execute();
    }
  }

  private static void bound(Handle handle, String sql, List<Map.Entry<SumKey, Difference>> all) {
    handle
        .createUpdate(sql)
        .bind(0, texts(all, SumKey::dimension))
        .bind(1, numbers(all, key -> (long) key.minutes()))
        .bind(2, SqlArrays.times(all.stream().map(each -> each.getKey().starts()).toList()))
        .bind(3, texts(all, key -> key.name().subject()))
        .bind(4, texts(all, key -> key.name().service()))
        .bind(5, texts(all, key -> key.name().operation()))
        .bind(6, numbers(all, key -> key.name().isPrompt() ? 1L : 0L))
        .bind(7, texts(all, SumKey::currency))
        .bind(8, texts(all, SumKey::state))
        .bind(9, SqlArrays.numbers(all.stream().map(each -> each.getValue().entries()).toList()))
        .bind(10, SqlArrays.numbers(all.stream().map(each -> each.getValue().uses()).toList()))
        .bind(11, SqlArrays.decimals(all.stream().map(each -> each.getValue().amount()).toList()))
        .bind(12, SqlArrays.numbers(all.stream().map(each -> each.getValue().timed()).toList()))
        .bind(
            13,
            SqlArrays.decimals(all.stream().map(each -> each.getValue().durationMillis()).toList()))
        .execute();
  }

  private static Argument texts(
      Collection<Map.Entry<SumKey, Difference>> all, Function<SumKey, String> text) {
    return SqlArrays.texts(all.stream().map(each -> text.apply(each.getKey())).toList());
  }

  private static Argument numbers(
      Collection<Map.Entry<SumKey, Difference>> all, Function<SumKey, Long> number) {
    return SqlArrays.numbers(all.stream().map(each -> number.apply(each.getKey())).toList());
  }

  /** The sums of some times. */
  static List<Sum> sums(Handle handle, By by, List<Piece> pieces) {
    return handle
        .createQuery(by.sql)
        .bind(0, SqlArrays.numbers(pieces.stream().map(each -> (long) each.minutes()).toList()))
        .bind(1, SqlArrays.times(pieces.stream().map(Piece::from).toList()))
        .bind(2, SqlArrays.times(pieces.stream().map(Piece::to).toList()))
        .bind(3, SqlArrays.numbers(pieces.stream().map(each -> (long) each.bucket()).toList()))
        .map(ResultRow.to(SumRows::sum))
        .list();
  }

  private static Sum sum(ResultRow row) {
    return new Sum(
        row.integer("bucket"),
        row.text("name"),
        row.text("currency"),
        row.text("state"),
        row.number("uses"),
        row.decimal("amount"),
        row.number("timed"),
        row.decimal("duration_ms"));
  }
}
