package io.billingsdk.server.performance;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.SqlStatement;

/** The names of sums. Each has a number, which stays. */
final class SeriesRows {
  private static final String COLUMNS =
      "dimension, subject, service, operation, model, is_prompt, currency, state";

  private static final String ASKED =
      """
      SELECT dimension, subject, service, operation, model, is_prompt = 1 AS is_prompt, currency,
        state
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[],
        ?::text[]) AS k (dimension, subject, service, operation, model, is_prompt, currency, state)
      """;

  private static final String ADD =
      "INSERT INTO analytics_series (%s) SELECT %s FROM (%s) AS k ON CONFLICT DO NOTHING"
          .formatted(COLUMNS, COLUMNS, ASKED);

  private static final String FIND =
      "SELECT series_id, %s FROM analytics_series JOIN (%s) AS k USING (%s)"
          .formatted(COLUMNS, ASKED, COLUMNS);

  private SeriesRows() {}

  /** The numbers of these series; one that has none yet gets one. */
  static Map<Series, Long> ids(Handle handle, Collection<Series> series) {
    Map<Series, Long> ids = find(handle, series);
    List<Series> added = series.stream().filter(each -> !ids.containsKey(each)).toList();
    if (!added.isEmpty()) {
      bound(handle.createUpdate(ADD), added).execute();
      ids.putAll(find(handle, added));
    }
    return ids;
  }

  private static Map<Series, Long> find(Handle handle, Collection<Series> series) {
    Map<Series, Long> ids = new HashMap<>();
    bound(handle.createQuery(FIND), series)
        .map(ResultRow.to(row -> Map.entry(read(row), row.number("series_id"))))
        .forEach(each -> ids.put(each.getKey(), each.getValue()));
    return ids;
  }

  private static <T extends SqlStatement<T>> T bound(T statement, Collection<Series> series) {
    return statement
        .bind(0, texts(series, Series::dimension))
        .bind(1, texts(series, Series::subject))
        .bind(2, texts(series, Series::service))
        .bind(3, texts(series, Series::operation))
        .bind(4, texts(series, Series::model))
        .bind(5, SqlArrays.numbers(series.stream().map(each -> each.isPrompt() ? 1L : 0L).toList()))
        .bind(6, texts(series, Series::currency))
        .bind(7, texts(series, Series::state));
  }

  private static Argument texts(Collection<Series> series, Function<Series, String> text) {
    return SqlArrays.texts(series.stream().map(text).toList());
  }

  /** A row with the names of the columns. */
  static Series read(ResultRow row) {
    return new Series(
        row.text("dimension"),
        row.text("subject"),
        row.text("service"),
        row.text("operation"),
        row.text("model"),
        row.flag("is_prompt"),
        row.text("currency"),
        row.text("state"));
  }
}
