package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.Anomaly;
import io.billingsdk.forecast.AnomalyKind;
import io.billingsdk.forecast.BucketSize;
import io.billingsdk.forecast.Direction;
import io.billingsdk.forecast.Incident;
import io.billingsdk.forecast.Incidents;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.ResultRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** The rows of series and incidents. For one transaction. */
final class IncidentRows {
  private static final String ADD_SERIES =
      """
      INSERT INTO anomaly_series (size, measure, dimension, name, currency, judged, quiet, incidents)
      VALUES (:size, :measure, :dimension, :name, :currency, :judged, 0, 0)
      ON CONFLICT DO NOTHING
      """;

  private static final String LOCK =
      """
      SELECT series_no, size, measure, dimension, name, currency, judged, quiet, incidents
      FROM anomaly_series
      """;

  private static final String OF_NAME =
      """
      WHERE size = :size AND measure = :measure AND dimension = :dimension AND name = :name
        AND currency = :currency FOR UPDATE
      """;

  private static final String OPEN =
      """
      SELECT number, state, onset, last, kind, direction FROM anomaly_incident
      WHERE series_no = :series AND state <> 'resolved'
      """;

  private static final String SAVE_SERIES =
      """
      UPDATE anomaly_series SET judged = :judged, quiet = :quiet, incidents = :incidents
      WHERE series_no = :series
      """;

  private static final String SAVE =
      """
      INSERT INTO anomaly_incident AS i (series_no, number, state, onset, last, kind, direction,
        actual, expected, low, high, sentence, causes, opened_at)
      VALUES (:series, :number, :state, :onset, :last, :kind, :direction, :actual, :expected, :low,
        :high, :sentence, '[]', :now)
      ON CONFLICT (series_no, number) DO UPDATE SET state = excluded.state, onset = excluded.onset,
        last = excluded.last, kind = excluded.kind, actual = excluded.actual,
        expected = excluded.expected, low = excluded.low, high = excluded.high,
        sentence = excluded.sentence
      """;

  private static final String ALERTED =
      """
      UPDATE anomaly_incident SET alerted_at = :now, causes = :causes::jsonb
      WHERE series_no = :series AND number = :number
      """;

  private static final String JOINED =
      """
      UPDATE anomaly_incident SET part_of = :whole, causes = :causes::jsonb
      WHERE series_no = :series AND number = :number
      """;

  private static final String BESIDE =
      """
      SELECT i.incident_no FROM anomaly_incident i JOIN anomaly_series s USING (series_no)
      WHERE s.size = :size AND s.measure = :measure AND s.dimension = :dimension
        AND s.name = :name AND s.currency = :currency AND i.state <> 'provisional'
        AND i.direction = :direction AND i.onset < :end AND i.last >= :onset
      ORDER BY i.incident_no DESC LIMIT 1
      """;

  private static final String OPEN_NAMES =
      """
      SELECT DISTINCT s.name FROM anomaly_series s JOIN anomaly_incident i USING (series_no)
      WHERE i.state <> 'resolved' AND s.measure = 'usage' AND s.dimension = :dimension
      ORDER BY s.name
      """;

  private static final String ENDED =
      """
      UPDATE anomaly_incident SET state = 'resolved', resolved_at = :now
      WHERE series_no = :series AND number = :number
      """;

  private static final String DISMISSED =
      "DELETE FROM anomaly_incident WHERE series_no = :series AND number = :number";

  private static final String EXPECTED =
      """
      UPDATE anomaly_incident SET state = 'expected', actor = :actor, reason = :reason
      WHERE series_no = :series AND number = :number
      """;

  private static final String LIST =
      """
      SELECT i.incident_no, s.size, s.measure, s.dimension, s.name, s.currency, i.state, i.onset,
        i.last, i.kind, i.direction, i.actual, i.expected, i.low, i.high, i.sentence,
        i.causes::text AS causes, i.opened_at, i.alerted_at, i.resolved_at, i.actor, i.reason,
        i.part_of
      FROM anomaly_incident i JOIN anomaly_series s USING (series_no)
      """;

  private IncidentRows() {}

  /** A series whose row this transaction has locked. */
  record LockedSeries(long id, SeriesName name, Incidents incidents) {}

  /** An incident as it is listed. */
  record ListedIncident(
      long id,
      String size,
      String measure,
      String by,
      String name,
      @Nullable String currency,
      String state,
      Instant onset,
      Instant last,
      String kind,
      String direction,
      BigDecimal actual,
      BigDecimal expected,
      BigDecimal low,
      BigDecimal high,
      String sentence,
      String causes,
      Instant openedAt,
      @Nullable Long partOf,
      @Nullable Instant alertedAt,
      @Nullable Instant resolvedAt,
      @Nullable String actor,
      @Nullable String reason) {}

  /**
   * Locks a series.
   *
   * @param judged of a new one: earlier buckets are not judged
   */
  static LockedSeries lock(Handle handle, SeriesName name, LocalDateTime judged) {
    named(handle.createUpdate(ADD_SERIES), name).bind("judged", utc(judged)).execute();
    return named(handle.createQuery(LOCK + OF_NAME), name)
        .map(ResultRow.to(row -> locked(handle, row)))
        .one();
  }

  private static <S extends SqlStatement<S>> S named(S statement, SeriesName name) {
    return statement
        .bind("size", name.sizeText())
        .bind("measure", name.measure())
        .bind("dimension", name.dimension())
        .bind("name", name.name())
        .bind("currency", name.currency());
  }

  /** Locks the series of an incident. */
  static Optional<LockedSeries> lockOf(Handle handle, long incident) {
    return handle
        .createQuery(
            LOCK
                + "WHERE series_no = (SELECT series_no FROM anomaly_incident"
                + " WHERE incident_no = :incident) FOR UPDATE")
        .bind("incident", incident)
        .map(ResultRow.to(row -> locked(handle, row)))
        .findOne();
  }

  private static LockedSeries locked(Handle handle, ResultRow row) {
    BucketSize size = BucketSize.valueOf(row.text("size").toUpperCase(Locale.ROOT));
    SeriesName name =
        new SeriesName(
            size,
            row.text("measure"),
            row.text("dimension"),
            row.text("name"),
            row.text("currency"));
    long id = row.number("series_no");
    Optional<Incident> open =
        handle
            .createQuery(OPEN)
            .bind("series", id)
            .map(ResultRow.to(IncidentRows::incident))
            .findOne();
    Optional<LocalDateTime> judged = Optional.of(local(row.time("judged")));
    return new LockedSeries(
        id, name, new Incidents(size, open, judged, row.integer("quiet"), row.number("incidents")));
  }

  private static Incident incident(ResultRow row) {
    return new Incident(
        row.number("number"),
        Incident.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
        local(row.time("onset")),
        local(row.time("last")),
        AnomalyKind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
        Direction.valueOf(row.text("direction").toUpperCase(Locale.ROOT)));
  }

  static void saveSeries(Handle handle, long series, Incidents now) {
    handle
        .createUpdate(SAVE_SERIES)
        .bind("series", series)
        .bind("judged", utc(now.judged().orElseThrow()))
        .bind("quiet", now.quiet())
        .bind("incidents", now.count())
        .execute();
  }

  static void save(Handle handle, long series, Incident incident, Anomaly found, Instant now) {
    handle
        .createUpdate(SAVE)
        .bind("series", series)
        .bind("number", incident.number())
        .bind("state", lower(incident.state()))
        .bind("onset", utc(incident.onset()))
        .bind("last", utc(incident.last()))
        .bind("kind", lower(incident.kind()))
        .bind("direction", lower(incident.direction()))
        .bind("actual", found.actual())
        .bind("expected", found.expected())
        .bind("low", found.low())
        .bind("high", found.high())
        .bind("sentence", found.sentence())
        .bind("now", now)
        .execute();
  }

  static void alerted(Handle handle, long series, long number, String causes, Instant now) {
    handle
        .createUpdate(ALERTED)
        .bind("series", series)
        .bind("number", number)
        .bind("causes", causes)
        .bind("now", now)
        .execute();
  }

  /** It is part of another incident; people hear of that one. */
  static void joined(Handle handle, long series, long number, String causes, long whole) {
    handle
        .createUpdate(JOINED)
        .bind("series", series)
        .bind("number", number)
        .bind("causes", causes)
        .bind("whole", whole)
        .execute();
  }

  /**
   * The latest incident of a series in the same direction that has a time in common with another.
   *
   * @param size of the buckets of the other
   */
  static Optional<Long> beside(Handle handle, SeriesName name, BucketSize size, Incident incident) {
    return named(handle.createQuery(BESIDE), name)
        .bind("direction", lower(incident.direction()))
        .bind("onset", utc(incident.onset()))
        .bind("end", utc(incident.last().plus(1, SeriesMaker.unit(size))))
        .map(ResultRow.to(row -> row.number("incident_no")))
        .findOne();
  }

  /** Values of a dimension of usage with an incident that is not over. */
  static List<String> namesWithOpenIncidents(Handle handle, String dimension) {
    return handle.createQuery(OPEN_NAMES).bind("dimension", dimension).mapTo(String.class).list();
  }

  static void ended(Handle handle, long series, long number, Instant now) {
    handle
        .createUpdate(ENDED)
        .bind("series", series)
        .bind("number", number)
        .bind("now", now)
        .execute();
  }

  static void dismissed(Handle handle, long series, long number) {
    handle.createUpdate(DISMISSED).bind("series", series).bind("number", number).execute();
  }

  static void expected(Handle handle, long series, long number, String reason, Actor actor) {
    handle
        .createUpdate(EXPECTED)
        .bind("series", series)
        .bind("number", number)
        .bind("reason", reason)
        .bind("actor", actor.name())
        .execute();
  }

  static Optional<ListedIncident> find(Handle handle, long id) {
    return handle
        .createQuery(LIST + "WHERE i.incident_no = :id")
        .bind("id", id)
        .map(ResultRow.to(IncidentRows::listed))
        .findOne();
  }

  static Optional<ListedIncident> find(Handle handle, long series, long number) {
    return handle
        .createQuery(LIST + "WHERE i.series_no = :series AND i.number = :number")
        .bind("series", series)
        .bind("number", number)
        .map(ResultRow.to(IncidentRows::listed))
        .findOne();
  }

  /**
   * The latest first.
   *
   * @param state empty for all
   */
  static List<ListedIncident> before(Handle handle, long before, String state, int most) {
    return handle
        .createQuery(
            LIST
                + "WHERE i.incident_no < :before AND (:state = '' OR i.state = :state)"
                + " ORDER BY i.incident_no DESC LIMIT :most")
        .bind("before", before)
        .bind("state", state)
        .bind("most", most)
        .map(ResultRow.to(IncidentRows::listed))
        .list();
  }

  private static ListedIncident listed(ResultRow row) {
    String currency = row.text("currency");
    return new ListedIncident(
        row.number("incident_no"),
        row.text("size"),
        row.text("measure"),
        row.text("dimension"),
        row.text("name"),
        currency.isEmpty() ? null : currency,
        row.text("state"),
        row.time("onset"),
        row.time("last"),
        row.text("kind"),
        row.text("direction"),
        row.decimal("actual"),
        row.decimal("expected"),
        row.decimal("low"),
        row.decimal("high"),
        row.text("sentence"),
        row.text("causes"),
        row.time("opened_at"),
        row.numberOrNull("part_of"),
        row.timeOrNull("alerted_at"),
        row.timeOrNull("resolved_at"),
        row.textOrNull("actor"),
        row.textOrNull("reason"));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Instant utc(LocalDateTime bucket) {
    return bucket.toInstant(ZoneOffset.UTC);
  }

  private static LocalDateTime local(Instant bucket) {
    return LocalDateTime.ofInstant(bucket, ZoneOffset.UTC);
  }
}
