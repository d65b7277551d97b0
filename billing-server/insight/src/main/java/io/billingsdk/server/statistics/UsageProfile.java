package io.billingsdk.server.statistics;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of counters over the events of an application, with limits and prices: all that is special
 * to it stands in a file, see {@link ProfileReader}. Immutable.
 *
 * @param name the module of its events in the ledger
 * @param audience whose statistics they are
 * @param zone by whose days limits of a day begin again
 * @param currency of the prices
 * @param events by their types
 * @param counters by their names
 * @param figures how the counters of a person are shown
 * @param analytics how those of all are shown; null where nobody asks for them
 * @param cards how a page divides the figures
 */
record UsageProfile(
    String name,
    Audience audience,
    ZoneId zone,
    String currency,
    SortedMap<String, EventSpec> events,
    SortedMap<String, CounterSpec> counters,
    List<LimitSpec> limits,
    List<PriceSpec> prices,
    Figure.Group figures,
    Figure.@Nullable Group analytics,
    List<CardSpec> cards) {
  /** Copies what could change. */
  UsageProfile {
    events = Collections.unmodifiableSortedMap(new TreeMap<>(events));
    counters = Collections.unmodifiableSortedMap(new TreeMap<>(counters));
    limits = List.copyOf(limits);
    prices = List.copyOf(prices);
    cards = List.copyOf(cards);
  }

  /** Whose statistics they are. */
  enum Audience {
    /** Of sessions. */
    SESSIONS,
    /** Of users and guests. */
    USERS;

    /** Whether somebody is of it. */
    boolean includes(PersonKind kind) {
      return (kind == PersonKind.SESSION) == (this == SESSIONS);
    }
  }

  /**
   * A type of events.
   *
   * @param measure the field that is the usage of the event in the ledger; null where an event is
   *     one use and no more
   * @param fields what its metadata may have; the rest is not kept
   */
  record EventSpec(@Nullable String measure, SortedMap<String, FieldSpec> fields) {
    /** Copies the fields. */
    EventSpec {
      fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }
  }

  /**
   * A field of the metadata.
   *
   * @param values the only ones of a text; none where any text will do
   * @param standard its value where it is left out; null for none
   */
  record FieldSpec(
      FieldType type, boolean required, Set<String> values, @Nullable String standard) {
    /** Copies the values. */
    FieldSpec {
      values = Set.copyOf(values);
    }
  }

  /** What a field holds. */
  enum FieldType {
    /** A number that is not negative. */
    NUMBER,
    /** A text of 1 to 128 characters. */
    TEXT,
    /** True or false. */
    FLAG
  }

  /**
   * A sum over events of one type.
   *
   * @param event the type
   * @param sum the field that is added up; null where events are counted
   * @param where the values that fields must have
   * @param by the field by whose values it is divided; null for none
   */
  record CounterSpec(
      String event, @Nullable String sum, SortedMap<String, String> where, @Nullable String by) {
    /** Copies the conditions. */
    CounterSpec {
      where = Collections.unmodifiableSortedMap(new TreeMap<>(where));
    }
  }

  /**
   * A limit of a counter: a use is admitted while less than it is used.
   *
   * @param unit how much of the counter is one of what the limit counts, as bytes of a megabyte
   * @param daily whether it begins again with each day
   * @param most for each kind of persons
   */
  record LimitSpec(
      String name,
      String counter,
      BigDecimal unit,
      boolean daily,
      Map<PersonKind, BigDecimal> most) {
    /** Copies the limits. */
    LimitSpec {
      most = Map.copyOf(most);
    }
  }

  /**
   * A price.
   *
   * @param per how much of the counter it is for; a part of it costs its part
   */
  record PriceSpec(String name, String counter, BigDecimal per, BigDecimal price) {}

  /**
   * Figures that belong together on a page.
   *
   * @param figures their places, as {@code details.files.by_type}; the first one is the large one
   */
  record CardSpec(String name, List<String> figures) {
    /** Copies the places. */
    CardSpec {
      figures = List.copyOf(figures);
    }
  }
}
