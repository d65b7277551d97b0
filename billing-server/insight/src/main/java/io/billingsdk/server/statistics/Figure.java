package io.billingsdk.server.statistics;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A figure of an answer, as a profile says how it follows from counters. Immutable. */
sealed interface Figure {
  /** Figures under names, in their order. */
  record Group(Map<String, Figure> figures) implements Figure {
    /** Copies them. */
    public Group {
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }
  }

  /** A counter, in a unit and rounded half up. */
  record Amount(String counter, BigDecimal unit, int places) implements Figure {}

  /** A counter for each of another one; 0 where that is 0. */
  record Average(String counter, String over, BigDecimal unit, int places) implements Figure {}

  /** The share of a counter in the sum of some, times 100; 0 where the sum is 0. */
  record Percent(String counter, List<String> of, int places) implements Figure {
    /** Copies the list. */
    public Percent {
      of = List.copyOf(of);
    }
  }

  /** A counter by the values of its field. */
  record Breakdown(String counter) implements Figure {}

  /** The first or the last event of a counter; null where there is none. */
  record Moment(String counter, boolean isFirst) implements Figure {}

  /** Something about the person. */
  record OfPerson(PersonFact fact) implements Figure {}

  /** How many persons of a kind there are. */
  record People(PersonKind kind) implements Figure {}

  /** What a person has beside counters. */
  enum PersonFact {
    /** Of users: {@code authenticated}; otherwise the kind. */
    USER_TYPE,
    /** When the server first saw them. */
    CREATED_AT,
    /** Seconds since then; of a session that has ended, until its end. */
    DURATION,
    /** 1. */
    TOTAL,
    /** 1 until their end. */
    ACTIVE
  }
}
