package io.billingsdk.server.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which parts of a range are summed from the rollups, and which from the events: the rollups are of
 * whole hours of UTC, so that an hour that a boundary cuts in two needs its events.
 *
 * @param rolledUp whole hours
 * @param ofEvents the rest
 */
record Spans(List<Span> rolledUp, List<Span> ofEvents) {
  /** From a moment to another one, which is not part of it. */
  record Span(Instant first, Instant end) {}

  /** All from the events. */
  static Spans ofEvents(Instant from, Instant to) {
    return new Spans(List.of(), List.of(new Span(from, to)));
  }

  /**
   * As much as possible from the rollups.
   *
   * @param buckets their beginnings, in order
   */
  static Spans of(Instant from, Instant to, List<Instant> buckets) {
    NavigableSet<Instant> cut = new TreeSet<>();
    addIfCut(from, cut);
    addIfCut(to, cut);
    for (Instant each : buckets) {
      if (each.isAfter(from)) {
        addIfCut(each, cut);
      }
    }
    List<Span> whole = new ArrayList<>();
    List<Span> parts = new ArrayList<>();
    Instant done = from;
    for (Instant hour : cut) {
      Instant end = earlier(hour.plus(1, ChronoUnit.HOURS), to);
      if (hour.isAfter(done)) {
        whole.add(new Span(done, hour));
        done = hour;
      }
      append(parts, new Span(done, end));
      done = end;
    }
    if (done.isBefore(to)) {
      whole.add(new Span(done, to));
    }
    return new Spans(whole, parts);
  }

  private static void addIfCut(Instant boundary, NavigableSet<Instant> hours) {
    Instant hour = boundary.truncatedTo(ChronoUnit.HOURS);
    if (!hour.equals(boundary)) {
      hours.add(hour);
    }
  }

  /** As one with the last where it goes on from there: of an hour each there would be thousands. */
  private static void append(List<Span> spans, Span next) {
    int last = spans.size() - 1;
    if (last >= 0 && spans.get(last).end().equals(next.first())) {
      spans.set(last, new Span(spans.get(last).first(), next.end()));
    } else {
      spans.add(next);
    }
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
