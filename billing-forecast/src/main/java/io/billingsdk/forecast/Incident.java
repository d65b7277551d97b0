package io.billingsdk.forecast;

import java.time.LocalDateTime;

/**
 * Anomalies of a series that belong together. Immutable.
 *
 * @param number counts the incidents of the series, from 1 on; a dismissed one leaves a gap
 * @param state how far it is
 * @param onset the beginning of the bucket with which it began
 * @param last the beginning of its newest bucket
 * @param kind its form; a spike may become a shift
 * @param direction more or less than expected
 */
public record Incident(
    long number,
    State state,
    LocalDateTime onset,
    LocalDateTime last,
    AnomalyKind kind,
    Direction direction) {

  /** How far an incident is. */
  public enum State {
    /** Its bucket is open: it may pass, so nobody gets an alert. */
    PROVISIONAL,
    /** A closed bucket shows it: there was one alert. */
    CONFIRMED,
    /** A person said that it is expected: no more notices. */
    EXPECTED,
    /** It is over: there was one notice of that. */
    RESOLVED
  }

  Incident in(State next) {
    return new Incident(number, next, onset, last, kind, direction);
  }

  /** The same incident with one more bucket; its form and its beginning may be known better. */
  Incident with(Anomaly more) {
    AnomalyKind form = kind == AnomalyKind.SPIKE ? more.kind() : kind;
    LocalDateTime begin = more.onset().isBefore(onset) ? more.onset() : onset;
    return new Incident(number, state, begin, more.bucket(), form, direction);
  }
}
