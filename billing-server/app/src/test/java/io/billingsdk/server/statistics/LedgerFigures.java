package io.billingsdk.server.statistics;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a person as they follow from the rows of the ledger alone: SQL over the ledger,
 * and the given shapes written down once more. It uses no class of the statistics.
 */
final class LedgerFigures {
  private static final BigDecimal MEGA = BigDecimal.valueOf(1_048_576);
  private static final BigDecimal MINUTE = BigDecimal.valueOf(60);
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
  private static final int PLACES = 6;

  // The rows of a person by all that a counter asks for: corrections are usage, and no events.
  private static final String LEDGER =
      """
      SELECT session, model, coalesce(metadata->>'success', 'true') AS success,
        coalesce(metadata->>'kind', '') AS kind,
        coalesce(metadata->>'processing_type', metadata->>'type', '') AS label,
        count(*) FILTER (WHERE stream_id <> 0) AS events, sum(usage) AS usage,
        coalesce(sum((metadata->>'output_file_size')::numeric) FILTER (WHERE stream_id <> 0), 0)
          AS output,
        min(occurred_at) FILTER (WHERE stream_id <> 0) AS first,
        max(occurred_at) FILTER (WHERE stream_id <> 0) AS last
      FROM usage_event WHERE module IN ('audio', 'media') GROUP BY 1, 2, 3, 4, 5
      """;

  private final List<Row> rows;
  private final Map<String, Object> figures = new TreeMap<>();

  private LedgerFigures(List<Row> rows) {
    this.rows = rows;
  }

  private record Row(
      String session,
      String model,
      String success,
      String kind,
      String label,
      BigDecimal events,
      BigDecimal usage,
      BigDecimal output,
      @Nullable Instant first,
      @Nullable Instant last) {}

  private static Row row(ResultRow row) {
    return new Row(
        row.text("session"),
        row.text("model"),
        row.text("success"),
        row.text("kind"),
        row.text("label"),
        BigDecimal.valueOf(row.number("events")),
        row.decimal("usage"),
        row.decimal("output"),
        row.timeOrNull("first"),
        row.timeOrNull("last"));
  }

  /** The rows of each person, by the session of their events. */
  static Map<String, LedgerFigures> of(Database database) {
    List<Row> all =
        database.read(
            handle -> handle.createQuery(LEDGER).map(ResultRow.to(LedgerFigures::row)).list());
    Map<String, List<Row>> bySession = new HashMap<>();
    for (Row each : all) {
      bySession.computeIfAbsent(each.session(), none -> new ArrayList<>()).add(each);
    }
    Map<String, LedgerFigures> figures = new TreeMap<>();
    bySession.forEach((session, rows) -> figures.put(session, new LedgerFigures(rows)));
    return figures;
  }

  /** Of somebody without a row. */
  static LedgerFigures none() {
    return new LedgerFigures(List.of());
  }

  private BigDecimal sum(String model, Predicate<Row> which, Function<Row, BigDecimal> what) {
    return rows.stream()
        .filter(each -> each.model().equals(model) && which.test(each))
        .map(what)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private BigDecimal events(String model) {
    return sum(model, each -> true, Row::events);
  }

  private BigDecimal usage(String model) {
    return sum(model, each -> true, Row::usage);
  }

  private static boolean done(Row row) {
    return row.success().equals("true");
  }

  private static boolean failed(Row row) {
    return !done(row);
  }

  private static BigDecimal ratio(BigDecimal amount, BigDecimal divisor, int places) {
    return divisor.signum() == 0
        ? BigDecimal.ZERO
        : amount.divide(divisor, places, RoundingMode.HALF_UP);
  }

  private void labels(String place, String model) {
    rows.stream()
        .filter(each -> each.model().equals(model))
        .map(Row::label)
        .distinct()
        .forEach(
            label ->
                figures.put(
                    place + "/" + label,
                    sum(model, each -> each.label().equals(label), Row::events)));
  }

  private void moments(String model, @Nullable String first, String last) {
    if (first != null) {
      put(first, moment(model, Row::first, Comparator.naturalOrder()));
    }
    put(last, moment(model, Row::last, Comparator.reverseOrder()));
  }

  private @Nullable Instant moment(
      String model, Function<Row, @Nullable Instant> what, Comparator<Instant> order) {
    return rows.stream()
        .filter(each -> each.model().equals(model))
        .map(what)
        .filter(Objects::nonNull)
        .map(Objects::requireNonNull)
        .min(order)
        .orElse(null);
  }

  private void put(String place, @Nullable Instant time) {
    figures.put(place, time == null ? "" : time.toString());
  }

  /** The answer of {@code /usage/me}, by place. */
  Map<String, Object> audio() {
    final BigDecimal uploads = events("file_upload");
    final BigDecimal processed = sum("processing_complete", LedgerFigures::done, Row::events);
    final BigDecimal failed = sum("processing_complete", LedgerFigures::failed, Row::events);
    final BigDecimal seconds = sum("processing_complete", LedgerFigures::done, Row::usage);
    final BigDecimal output = sum("processing_complete", LedgerFigures::done, Row::output);
    final BigDecimal input = usage("file_upload");
    figures.put("total_files_uploaded", uploads);
    figures.put("total_files_processed", processed);
    figures.put("total_files_failed", failed);
    figures.put("total_files_downloaded", events("file_download"));
    figures.put("total_input_size_mb", ratio(input, MEGA, PLACES));
    figures.put("total_output_size_mb", ratio(output, MEGA, PLACES));
    figures.put("average_file_size_mb", ratio(input, uploads.multiply(MEGA), PLACES));
    figures.put("total_processing_time_minutes", ratio(seconds, MINUTE, PLACES));
    figures.put("average_processing_time_seconds", ratio(seconds, processed, PLACES));
    figures.put(
        "success_rate_percent", ratio(processed.multiply(HUNDRED), processed.add(failed), PLACES));
    figures.put("api_calls_count", events("api_call"));
    labels("processing_types_breakdown", "file_upload");
    moments("file_upload", "first_upload_at", "last_upload_at");
    moments("file_download", null, "last_download_at");
    moments("api_call", null, "last_api_call_at");
    return figures;
  }

  /** The {@code stats} of {@code /api/usage/stats} without the session itself, by place. */
  Map<String, Object> media() {
    figures.put("files.audio_count", ofKind("audio"));
    figures.put("files.image_count", ofKind("image"));
    figures.put("files.total_size", usage("file_upload"));
    figures.put("files.total_size_mb", ratio(usage("file_upload"), MEGA, 2));
    figures.put("projects.total", events("project_create"));
    figures.put("projects.total_duration", usage("project_time"));
    figures.put("exports.total", events("export"));
    figures.put("exports.success", sum("export", LedgerFigures::done, Row::events));
    figures.put("exports.failed", sum("export", LedgerFigures::failed, Row::events));
    figures.put("exports.total_duration", sum("export", LedgerFigures::done, Row::usage));
    figures.put("ai_services.subtitle_generation", events("ai_subtitle"));
    figures.put(
        "ai_services.total_audio_duration", sum("ai_subtitle", LedgerFigures::done, Row::usage));
    labels("details.files.by_type", "file_upload");
    figures.put("details.projects.file_count", events("project_file"));
    figures.put("details.exports.success_rate", rate("export"));
    figures.put("details.ai_services.success_rate", rate("ai_subtitle"));
    return figures;
  }

  private BigDecimal ofKind(String kind) {
    return sum("file_upload", each -> each.kind().equals(kind), Row::events);
  }

  private BigDecimal rate(String model) {
    BigDecimal done = sum(model, LedgerFigures::done, Row::events);
    return ratio(done.multiply(HUNDRED), events(model), 2);
  }

  /** What was uploaded, in bytes. */
  BigDecimal uploaded() {
    return usage("file_upload");
  }
}
