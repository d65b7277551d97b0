package io.billingsdk.server.anomalies;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.forecast.Anomaly;
import io.billingsdk.forecast.BucketSize;
import io.billingsdk.forecast.Cause;
import io.billingsdk.forecast.Incident;
import io.billingsdk.server.anomalies.IncidentRows.ListedIncident;
import io.billingsdk.server.anomalies.IncidentRows.LockedSeries;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The incidents of a series that is locked, and what people hear of them. An incident that another
 * one explains is part of it, and people hear of that one alone: a spike of an app is a spike of
 * its key, its customer and its service, too. For one transaction.
 */
final class IncidentNotices {
  static final String DETECTED = "anomaly.detected";
  static final String RESOLVED = "anomaly.resolved";

  private final Database database;
  private final Handle handle;
  private final LockedSeries series;
  private final Instant now;

  IncidentNotices(Database database, Handle handle, LockedSeries series, Instant now) {
    this.database = database;
    this.handle = handle;
    this.series = series;
    this.now = now;
  }

  LockedSeries series() {
    return series;
  }

  void save(Incident incident, Anomaly found) {
    IncidentRows.save(handle, series.id(), incident, found, now);
  }

  void end(Incident incident) {
    if (incident.state() == Incident.State.PROVISIONAL) {
      IncidentRows.dismissed(handle, series.id(), incident.number());
    } else {
      IncidentRows.ended(handle, series.id(), incident.number(), now);
    }
  }

  /** Finds causes, and says it, unless another incident explains it. */
  void alert(Incident incident, Watch.Changes changes) {
    Instant bucket = incident.last().toInstant(ZoneOffset.UTC);
    ChangedParts parts = changes.of(database.within(handle), series.name(), bucket);
    String causes = json(parts.causes());
    Optional<Long> whole = whole(incident, parts);
    if (whole.isPresent()) {
      IncidentRows.joined(handle, series.id(), incident.number(), causes, whole.get());
    } else {
      IncidentRows.alerted(handle, series.id(), incident.number(), causes, now);
      say(DETECTED, listed(incident), Watch.SERVER);
    }
  }

  /** Says that it is over, if somebody heard of it. */
  void resolve(Incident incident, String actor) {
    ListedIncident listed = listed(incident);
    if (listed.alertedAt() != null) {
      say(RESOLVED, listed, actor);
    }
  }

  private ListedIncident listed(Incident incident) {
    return IncidentRows.find(handle, series.id(), incident.number()).orElseThrow();
  }

  private Optional<Long> whole(Incident incident, ChangedParts parts) {
    SeriesName name = series.name();
    if (name.size() == BucketSize.DAY) {
      SeriesName hours =
          new SeriesName(
              BucketSize.HOUR, name.measure(), name.dimension(), name.name(), name.currency());
      Optional<Long> ofHours = IncidentRows.beside(handle, hours, name.size(), incident);
      if (ofHours.isPresent()) {
        return ofHours;
      }
    }
    if (!name.isUsage()) {
      return Optional.empty();
    }
    for (String dimension : UsageSums.EXPLAINING) {
      if (dimension.equals(name.dimension())) {
        // Those after it come from the same or from less.
        return Optional.empty();
      }
      Optional<Long> explained =
          parts.explaining(
              dimension,
              value ->
                  value.isEmpty()
                      ? Optional.empty()
                      : IncidentRows.beside(
                          handle, name.of(dimension, value), name.size(), incident));
      if (explained.isPresent()) {
        return explained;
      }
    }
    return Optional.empty();
  }

  private void say(String kind, ListedIncident listed, String actor) {
    Map<String, Object> said = new LinkedHashMap<>();
    said.put("anomalyId", listed.id());
    said.put("series", series.name().text());
    said.put("onset", listed.onset().toString());
    said.put("kind", listed.kind());
    said.put("direction", listed.direction());
    said.put("sentence", listed.sentence());
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
