package io.billingsdk.server.anomalies;

import io.billingsdk.forecast.Anomaly;
import io.billingsdk.forecast.AnomalyDetector;
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
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Judges series, and keeps their incidents. The state of a series, its incident and the notice of
 * it are one transaction, with the row of the series locked: so a run that is repeated judges no
 * bucket again, and nobody gets a second alert. Thread-safe.
 */
final class Watch {
  static final String SERVER = "server";

  /** Days and hours before the last closed one are not judged when a series begins. */
  private static final int FIRST_JUDGED = 1;

  private final Database database;

  Watch(Database database) {
    this.database = database;
  }

  /** What the change of a bucket is made of; within the transaction that says it. */
  interface Changes {
    ChangedParts of(Database here, SeriesName name, Instant bucket);
  }

  /** Judges a series; at most its newest buckets are new. */
  void judge(SeriesName name, UsageSeries series, Changes changes, Instant now) {
    Map<LocalDateTime, Anomaly> found = new HashMap<>();
    AnomalyDetector.detect(series).forEach(each -> found.put(each.bucket(), each));
    database.useTransaction(handle -> judge(handle, name, series, found, changes, now));
  }

  private void judge(
      Handle handle,
      SeriesName name,
      UsageSeries series,
      Map<LocalDateTime, Anomaly> found,
      Changes changes,
      Instant now) {
    int buckets = series.closed().size();
    LocalDateTime unjudged = series.bucket(buckets - 1 - FIRST_JUDGED);
    LockedSeries locked = IncidentRows.lock(handle, name, unjudged);
    Course course = new Course(new IncidentNotices(database, handle, locked, now), changes);
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
    IncidentNotices notices = new IncidentNotices(database, handle, series, now);
    step.notices().forEach(each -> notices.resolve(each.incident(), actor.name()));
    AuditLog.write(
        handle, actor, "anomaly.expect", "anomaly/" + incident, null, Map.of("reason", reason));
    return IncidentRows.find(handle, incident).orElseThrow();
  }

  /** A series that is judged bucket by bucket, within one transaction. */
  private static final class Course {
    private final IncidentNotices notices;
    private final Changes changes;
    private Incidents incidents;

    Course(IncidentNotices notices, Changes changes) {
      this.notices = notices;
      this.changes = changes;
      this.incidents = notices.series().incidents();
    }

    void observe(LocalDateTime bucket, boolean closed, Map<LocalDateTime, Anomaly> all) {
      Optional<Anomaly> found = Optional.ofNullable(all.get(bucket));
      Optional<Incident> before = incidents.current();
      IncidentStep step = incidents.observe(bucket, closed, found);
      incidents = step.incidents();
      Optional<Incident> after = incidents.current();
      if (before.isPresent() && !isSame(before.get(), after)) {
        notices.end(before.get());
      }
      if (after.isPresent() && !after.equals(before)) {
        found.ifPresent(each -> notices.save(after.get(), each));
      }
      step.notices().forEach(this::say);
    }

    private void say(IncidentNotice notice) {
      if (notice.act() == Act.ALERT) {
        notices.alert(notice.incident(), changes);
      } else {
        notices.resolve(notice.incident(), SERVER);
      }
    }

    private static boolean isSame(Incident one, Optional<Incident> other) {
      return other.isPresent() && other.get().number() == one.number();
    }
  }
}
