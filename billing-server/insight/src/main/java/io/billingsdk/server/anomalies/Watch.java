package io.billingsdk.server.anomalies;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.forecast.Anomaly;
import io.billingsdk.forecast.AnomalyDetector;
import io.billingsdk.forecast.Cause;
import io.billingsdk.forecast.ForecastInputException;
import io.billingsdk.forecast.Incident;
import io.billingsdk.forecast.IncidentNotice;
import io.billingsdk.forecast.IncidentNotice.Act;
import io.billingsdk.forecast.IncidentStep;
import io.billingsdk.forecast.Incidents;
import io.billingsdk.forecast.UsageSeries;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.anomalies.IncidentRows.ListedIncident;
import io.billingsdk.server.anomalies.IncidentRows.LockedSeries;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges series, and keeps their incidents. The state of a series, its incident and the notice of
 * it are one transaction, with the row of the series locked: so a run that is repeated judges no
 * bucket again, and nobody gets a second alert. Thread-safe.
 */
final class Watch {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  static final String DETECTED = "anomaly.detected";
  static final String RESOLVED = "anomaly.resolved";
  private static final String SERVER = "server";

  /** Days and hours before the last closed one are not judged when a series begins. */
  private static final int FIRST_JUDGED = 1;

  private final Database database;

  Watch(Database database) {
    this.database = database;
  }

  /** Judges all series up to a moment. */
  void run(Instant now) {
    SeriesReader reader = new SeriesReader(database);
    for (SeriesName name : reader.names(now)) {
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
      try {
        reader.read(name, now).ifPresent(series -> judge(name, series, now));
      } catch (ForecastInputException | RequestRefusedException refused) {
        log.warn("anomalies: cannot judge the {}: {}", name.text(), refused.getMessage());
      }
    }
  }

  private void judge(SeriesName name, UsageSeries series, Instant now) {
    Map<LocalDateTime, Anomaly> found = new HashMap<>();
    AnomalyDetector.detect(series).forEach(each -> found.put(each.bucket(), each));
    database.useTransaction(handle -> judge(handle, name, series, found, now));
  }

  private void judge(
      Handle handle,
      SeriesName name,
      UsageSeries series,
      Map<LocalDateTime, Anomaly> found,
      Instant now) {
    int buckets = series.closed().size();
    LocalDateTime unjudged = series.bucket(buckets - 1 - FIRST_JUDGED);
    LockedSeries locked = IncidentRows.lock(handle, name, unjudged);
    Course course = new Course(handle, locked, now);
    for (int i = 0; i < buckets; i++) {
      course.observe(series.bucket(i), true, found);
    }
    if (series.open().isPresent()) {
      course.observe(series.end(), false, found);
    }
    IncidentRows.saveSeries(handle, locked.id(), course.incidents);
  }

  /**
   * A person says that an incident is expected.
   *
   * @throws RequestRefusedException when it is over, or there is none
   */
  ListedIncident expect(Handle handle, long incident, String reason, Actor actor, Instant now) {
    LockedSeries series =
        IncidentRows.lockOf(handle, incident)
            .orElseThrow(
                () -> RequestRefusedException.notFound("id", "no anomaly has the id " + incident));
    ListedIncident listed = IncidentRows.find(handle, incident).orElseThrow();
    Optional<Incident> current = series.incidents().current();
    if (current.isEmpty() || listed.state().equals("resolved")) {
      throw RequestRefusedException.conflict("id", "the anomaly is over since " + listed.last());
    }
    IncidentStep step = series.incidents().expected();
    IncidentRows.expected(handle, series.id(), current.get().number(), reason, actor);
    step.notices().forEach(each -> say(handle, series, each, actor.name(), now));
    AuditLog.write(
        handle, actor, "anomaly.expect", "anomaly/" + incident, null, Map.of("reason", reason));
    return IncidentRows.find(handle, incident).orElseThrow();
  }

  /** A series that is judged bucket by bucket, within one transaction. */
  private final class Course {
    private final Handle handle;
    private final LockedSeries series;
    private final Instant now;
    private Incidents incidents;

    Course(Handle handle, LockedSeries series, Instant now) {
      this.handle = handle;
      this.series = series;
      this.now = now;
      this.incidents = series.incidents();
    }

    void observe(LocalDateTime bucket, boolean closed, Map<LocalDateTime, Anomaly> all) {
      Optional<Anomaly> found = Optional.ofNullable(all.get(bucket));
      Optional<Incident> before = incidents.current();
      IncidentStep step = incidents.observe(bucket, closed, found);
      incidents = step.incidents();
      Optional<Incident> after = incidents.current();
      if (before.isPresent() && !isSame(before.get(), after)) {
        end(before.get());
      }
      if (after.isPresent() && !after.equals(before)) {
        found.ifPresent(each -> IncidentRows.save(handle, series.id(), after.get(), each, now));
      }
      step.notices().forEach(each -> say(handle, series, each, SERVER, now));
    }

    private boolean isSame(Incident one, Optional<Incident> other) {
      return other.isPresent() && other.get().number() == one.number();
    }

    private void end(Incident incident) {
      if (incident.state() == Incident.State.PROVISIONAL) {
        IncidentRows.dismissed(handle, series.id(), incident.number());
      } else {
        IncidentRows.ended(handle, series.id(), incident.number(), now);
      }
    }
  }

  private void say(
      Handle handle, LockedSeries series, IncidentNotice notice, String actor, Instant now) {
    Incident incident = notice.incident();
    if (notice.act() == Act.ALERT) {
      List<Cause> causes =
          new SeriesReader(database.within(handle)).causes(series.name(), incident.last());
      IncidentRows.alerted(handle, series.id(), incident.number(), json(causes), now);
    }
    ListedIncident listed = IncidentRows.find(handle, series.id(), incident.number()).orElseThrow();
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("anomalyId", listed.id());
    said.put("series", series.name().text());
    said.put("onset", listed.onset().toString());
    said.put("kind", listed.kind());
    said.put("direction", listed.direction());
    said.put("sentence", listed.sentence());
    String kind = notice.act() == Act.ALERT ? DETECTED : RESOLVED;
    Outbox.add(handle, DomainEvent.of(kind, "anomaly/" + listed.id(), said, actor));
  }

  private static String json(List<Cause> causes) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (Cause each : causes) {
      ObjectNode cause = list.addObject();
      ObjectNode where = cause.putObject("where");
      each.where().forEach(where::put);
      cause.put("explained", each.explained().toPlainString());
      cause.put("change", each.change().toPlainString());
      cause.put("quantityEffect", each.quantityEffect().toPlainString());
      cause.put("priceEffect", each.priceEffect().toPlainString());
      cause.put("sentence", each.sentence());
    }
    return list.toString();
  }
}
