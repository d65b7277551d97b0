package io.billingsdk.forecast;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The incidents of one series, as a state machine without a clock: one incident, one alert, one
 * resolve. Immutable: each observation gives the next state and the notices. The caller stores the
 * state and sends the notices in one transaction.
 *
 * @param size the length of the buckets
 * @param current the incident that is not over, if there is one
 * @param judged the newest closed bucket that was observed; an observation of it or of an older one
 *     is ignored
 * @param quiet usual closed buckets since the newest one of the incident
 * @param count how many incidents there were
 */
public record Incidents(
    BucketSize size,
    Optional<Incident> current,
    Optional<LocalDateTime> judged,
    int quiet,
    long count) {

  /** A series without an incident. */
  public static Incidents none(BucketSize size) {
    return new Incidents(size, Optional.empty(), Optional.empty(), 0, 0);
  }

  /**
   * Takes in a bucket.
   *
   * @param bucket its beginning
   * @param closed whether nothing more comes into it
   * @param found the anomaly of the bucket, if there is one
   */
  public IncidentStep observe(LocalDateTime bucket, boolean closed, Optional<Anomaly> found) {
    if (judged.isPresent() && !bucket.isAfter(judged.get())) {
      return new IncidentStep(this, List.of());
    }
    if (!closed) {
      return new IncidentStep(provisional(found), List.of());
    }
    Incidents now = new Incidents(size, current, Optional.of(bucket), quiet, count);
    return found.isPresent() ? now.confirm(found.get()) : now.pass();
  }

  /** A person says that the incident is expected: it is over for people, and stays quiet. */
  public IncidentStep expected() {
    if (current.isEmpty() || current.get().state() == Incident.State.EXPECTED) {
      return new IncidentStep(this, List.of());
    }
    Incident expected = current.get().in(Incident.State.EXPECTED);
    boolean alerted = current.get().state() == Incident.State.CONFIRMED;
    return new IncidentStep(
        having(expected),
        alerted ? List.of(new IncidentNotice(IncidentNotice.Act.RESOLVE, expected)) : List.of());
  }

  private Incidents provisional(Optional<Anomaly> found) {
    if (current.isPresent() && current.get().state() != Incident.State.PROVISIONAL) {
      return this;
    }
    if (found.isEmpty()) {
      return nothing();
    }
    return current.isPresent() && current.get().direction() == found.get().direction()
        ? having(current.get().with(found.get()))
        : opened(found.get(), Incident.State.PROVISIONAL);
  }

  private IncidentStep confirm(Anomaly found) {
    List<IncidentNotice> notices = new ArrayList<>();
    if (current.isPresent() && current.get().direction() == found.direction()) {
      Incident more = current.get().with(found);
      if (more.state() == Incident.State.PROVISIONAL) {
        more = more.in(Incident.State.CONFIRMED);
        notices.add(new IncidentNotice(IncidentNotice.Act.ALERT, more));
      }
      return new IncidentStep(having(more), notices);
    }
    // The other direction is another incident.
    resolve().ifPresent(notices::add);
    Incidents now = opened(found, Incident.State.CONFIRMED);
    notices.add(new IncidentNotice(IncidentNotice.Act.ALERT, now.current.orElseThrow()));
    return new IncidentStep(now, notices);
  }

  private IncidentStep pass() {
    if (current.isEmpty() || current.get().state() == Incident.State.PROVISIONAL) {
      return new IncidentStep(nothing(), List.of());
    }
    if (quiet + 1 < quietNeeded(current.get().kind())) {
      return new IncidentStep(new Incidents(size, current, judged, quiet + 1, count), List.of());
    }
    return new IncidentStep(nothing(), resolve().stream().toList());
  }

  private Optional<IncidentNotice> resolve() {
    return current
        .filter(incident -> incident.state() == Incident.State.CONFIRMED)
        .map(incident -> incident.in(Incident.State.RESOLVED))
        .map(incident -> new IncidentNotice(IncidentNotice.Act.RESOLVE, incident));
  }

  /** A slow drift crosses its bound more than once; hours are restless. */
  private int quietNeeded(AnomalyKind kind) {
    if (kind == AnomalyKind.DRIFT) {
      return size == BucketSize.DAY ? 7 : 72;
    }
    return size == BucketSize.DAY ? 1 : 3;
  }

  private Incidents opened(Anomaly found, Incident.State state) {
    Incident incident =
        new Incident(
            count + 1, state, found.onset(), found.bucket(), found.kind(), found.direction());
    return new Incidents(size, Optional.of(incident), judged, 0, count + 1);
  }

  private Incidents having(Incident incident) {
    return new Incidents(size, Optional.of(incident), judged, 0, count);
  }

  private Incidents nothing() {
    return new Incidents(size, Optional.empty(), judged, 0, count);
  }
}
