package io.billingsdk.server.ledger;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a meter shows: sums, counts, highest, latest and different values of events of some apps, by
 * the time of use, up to a cut. So the same question has the same answer for ever.
 *
 * <p>Sums and counts of usage come from the rollups as far as hours are whole, and from the events
 * where they are not; both give the same. An event that was corrected to 0 counts nowhere, and an
 * attributed one counts for its app since the cut of the attribution. Thread-safe.
 */
public final class MeteredUsage {
  /** More groups than these are refused. */
  public static final int MAX_GROUPS = 10_000;

  /** More single values than these are refused. */
  public static final int MAX_VALUES = 1_000_000;

  private final Database database;

  /** In a database. */
  public MeteredUsage(Database database) {
    this.database = database;
  }

  /**
   * What the meter shows, by the values of the dimension: an empty text for all in one, and for
   * events without it. A value without events is not there.
   *
   * @throws RequestRefusedException when there are more than {@value #MAX_GROUPS} groups
   */
  public Map<String, BigDecimal> read(MeterQuery query) {
    Parts parts = Parts.of(query, query.ranges());
    // Of the open ledger the two statements may see two moments; up to a cut both see the same.
    return database.read(
        handle -> {
          Map<String, BigDecimal> shown = new TreeMap<>();
          for (Sql sql : statements(query, parts.rolledUp(), parts.ofEvents())) {
            add(handle, sql, shown);
          }
          return shown;
        });
  }

  /**
   * The same for many places at once, of the ledger as it is: in two statements at most, one of the
   * rollups and one of the events.
   *
   * @param query its ranges and its cut mean nothing
   * @param places the ranges of each
   * @return what the meter shows for each place, in their order
   * @throws RequestRefusedException when a place has more than {@value #MAX_GROUPS} groups
   */
  public List<Map<String, BigDecimal>> readEach(MeterQuery query, List<List<AppRange>> places) {
    MeterQuery now = query.of(List.of());
    List<List<AppRange>> rolledUp = new ArrayList<>();
    List<List<AppRange>> ofEvents = new ArrayList<>();
    List<Map<String, BigDecimal>> shown = new ArrayList<>();
    for (List<AppRange> each : places) {
      Parts parts = Parts.of(now, each);
      rolledUp.add(parts.rolledUp());
      ofEvents.add(parts.ofEvents());
      shown.add(new TreeMap<>());
    }
    return database.read(
        handle -> {
          PlacedRollups.addRollups(handle, now, rolledUp, shown);
          PlacedRollups.addEvents(handle, now, ofEvents, shown);
          shown.forEach(MeteredUsage::requireGroups);
          return shown;
        });
  }

  /**
   * The values of single events, in the order of their use.
   *
   * @throws RequestRefusedException when there are more than {@value #MAX_VALUES}
   */
  public Map<String, List<BigDecimal>> values(MeterQuery query) {
    if (query.ranges().isEmpty()) {
      return Map.of();
    }
    Sql sql = new Sql();
    MeterSql.addEvents(sql, query, query.ranges());
    MeterSql.addGroup(sql.add("SELECT"), query, "e");
    MeterSql.addValue(sql.add("AS grouped,"), query.value());
    sql.add("AS measured FROM event e ORDER BY e.occurred_at, e.stream_id, e.seq");
    sql.add("LIMIT " + (MAX_VALUES + 1));
    return database.read(
        handle -> {
          Map<String, List<BigDecimal>> values = new TreeMap<>();
          long[] read = {0};
          sql.query(handle)
              .map(ResultRow.to(row -> Map.entry(row.text("grouped"), row.decimal("measured"))))
              .forEach(
                  each -> {
                    read[0]++;
                    values
                        .computeIfAbsent(each.getKey(), none -> new ArrayList<>())
                        .add(each.getValue());
                  });
          if (read[0] > MAX_VALUES) {
            throw RequestRefusedException.invalid(
                "to", "such that there are at most " + MAX_VALUES + " events in the range");
          }
          return values;
        });
  }

  /**
   * Which events a meter read: how many, and a digest of their identities and contents that does
   * not depend on their order. Two readings of one ledger up to one cut have the same.
   */
  public Evidence evidence(MeterQuery query) {
    if (query.ranges().isEmpty()) {
      return Evidence.NONE;
    }
    Sql sql = new Sql();
    MeterSql.addEvents(sql, query, query.ranges());
    MeterSql.addDigest(sql);
    return database.read(
        handle -> sql.query(handle).map(ResultRow.to(MeteredUsage::evidence)).one());
  }

  /**
   * The events that a meter read, each as the JSON array whose hash is in the digest, byte by byte:
   * stream, number, time of use in seconds, app, module, model, usage with all corrections,
   * metadata, quantities, subject, session, execution. In the order of their use.
   *
   * @param most so many at most
   */
  public List<String> contents(MeterQuery query, int most) {
    if (query.ranges().isEmpty()) {
      return List.of();
    }
    Sql sql = new Sql();
    MeterSql.addEvents(sql, query, query.ranges());
    sql.add("SELECT " + MeterSql.CONTENT + " AS content FROM event e JOIN stream s");
    sql.add("USING (stream_id) ORDER BY e.occurred_at, e.stream_id, e.seq LIMIT ?", most);
    return database.read(
        handle -> sql.query(handle).map(ResultRow.to(row -> row.text("content"))).list());
  }

  private static Evidence evidence(ResultRow row) {
    long events = row.number("events");
    String sums = row.text("sums");
    return events == 0 ? Evidence.NONE : new Evidence(events, Sha256.hex(sums));
  }

  /**
   * The events behind a figure.
   *
   * @param events how many
   * @param digest 64 hexadecimal digits; empty without events
   */
  public record Evidence(long events, String digest) {
    /** Of no event. */
    public static final Evidence NONE = new Evidence(0, "");

    /** Of contents as {@link MeteredUsage#contents} gives them, in any order. */
    public static Evidence of(Collection<String> contents) {
      if (contents.isEmpty()) {
        return NONE;
      }
      BigInteger[] sums = new BigInteger[MeterSql.DIGEST_PIECES];
      Arrays.fill(sums, BigInteger.ZERO);
      for (String each : contents) {
        String hash = Sha256.hex(each);
        for (int piece = 0; piece < sums.length; piece++) {
          String part = hash.substring(15 * piece, 15 * piece + 15);
          sums[piece] = sums[piece].add(new BigInteger(part, 16));
        }
      }
      StringBuilder text = new StringBuilder().append(contents.size());
      for (BigInteger sum : sums) {
        text.append(':').append(sum);
      }
      return new Evidence(contents.size(), Sha256.hex(text.toString()));
    }

    /** The same of several meters together, in the order of a plan. */
    public Evidence and(Evidence other) {
      if (events == 0 || other.events == 0) {
        return events == 0 ? other : this;
      }
      return new Evidence(events + other.events, Sha256.hex(digest + other.digest));
    }
  }

  /**
   * Where the answer comes from.
   *
   * @param rolledUp whole hours, if the rollups know what the meter reads
   * @param ofEvents the rest
   */
  private record Parts(List<AppRange> rolledUp, List<AppRange> ofEvents) {
    static Parts of(MeterQuery query, List<AppRange> ranges) {
      Parts parts = new Parts(new ArrayList<>(), new ArrayList<>());
      for (AppRange each : ranges) {
        Spans spans =
            query.isRolledUp()
                ? Spans.of(each.from(), each.to(), List.of())
                : Spans.ofEvents(each.from(), each.to());
        spans.rolledUp().forEach(span -> parts.rolledUp.add(part(each, span)));
        spans.ofEvents().forEach(span -> parts.ofEvents.add(part(each, span)));
      }
      return parts;
    }

    private static AppRange part(AppRange range, Spans.Span span) {
      return new AppRange(range.app(), span.first(), span.end());
    }
  }

  /** One statement where the parts add up; other measures come from the events alone. */
  private static List<Sql> statements(
      MeterQuery query, List<AppRange> rolledUp, List<AppRange> ofEvents) {
    List<Sql> statements = new ArrayList<>();
    if (!rolledUp.isEmpty()) {
      Sql sql = new Sql().add("SELECT grouped, sum(measured) AS measured FROM (");
      MeterSql.addRollups(sql, query, rolledUp);
      statements.add(end(sql.add(") AS hour"), "HAVING sum(counted) <> 0"));
    }
    if (!ofEvents.isEmpty()) {
      Sql sql = new Sql();
      MeterSql.addEvents(sql, query, ofEvents);
      sql.add("SELECT grouped, " + query.aggregate() + " AS measured FROM (SELECT");
      MeterSql.addGroup(sql, query, "e");
      MeterSql.addValue(sql.add("AS grouped,"), query.value());
      sql.add("AS value, e.occurred_at, e.stream_id, e.seq FROM event e) AS valued");
      statements.add(end(sql, ""));
    }
    return statements;
  }

  private static Sql end(Sql sql, String having) {
    return sql.add("GROUP BY grouped " + having).add("ORDER BY grouped LIMIT " + (MAX_GROUPS + 1));
  }

  private static void add(Handle handle, Sql sql, Map<String, BigDecimal> shown) {
    sql.query(handle)
        .map(ResultRow.to(row -> Map.entry(row.text("grouped"), row.decimal("measured"))))
        .forEach(each -> shown.merge(each.getKey(), each.getValue(), BigDecimal::add));
    requireGroups(shown);
  }

  private static void requireGroups(Map<String, BigDecimal> shown) {
    if (shown.size() > MAX_GROUPS) {
      throw RequestRefusedException.invalid(
          "groupBy", "such that there are at most " + MAX_GROUPS + " groups");
    }
  }

  /**
   * A question to a meter. Immutable.
   *
   * @param ranges the apps, and when; two of one app do not overlap
   * @param module only events of this module; null for all
   * @param models names of models, or beginnings of names followed by {@code *}; empty for all
   * @param metadata only events with these fields of the metadata, compared as text
   * @param measure how the values become one number
   * @param value what of an event is its value
   * @param groupBy one number for each value of it; null for one in all
   * @param cut only rows that carry this number or a lower one; {@link #NOW} for all
   */
  public record MeterQuery(
      List<AppRange> ranges,
      @Nullable String module,
      List<String> models,
      Map<String, String> metadata,
      Measure measure,
      EventValue value,
      @Nullable Dimension groupBy,
      long cut) {
    /** The ledger as it is: it may hold more a moment later. */
    public static final long NOW = Long.MAX_VALUE;

    /** Copies lists and map. */
    public MeterQuery {
      ranges = List.copyOf(ranges);
      models = List.copyOf(models);
      metadata = Map.copyOf(metadata);
    }

    /** How values become one number. */
    public enum Measure {
      /** Their sum. */
      SUM,
      /** How many events there are. */
      COUNT,
      /** The highest. */
      MAX,
      /** That of the latest event. */
      LATEST,
      /** How many different ones there are. */
      UNIQUE
    }

    /** What of an event a value is. */
    public enum EventField {
      /** Its usage, with all corrections. */
      USAGE,
      /** 1. */
      ONE,
      /** A quantity; 0 where the event has none of that name. */
      QUANTITY,
      /** Who used it. */
      SUBJECT,
      /** The session. */
      SESSION,
      /** The execution. */
      EXECUTION,
      /** A field of the metadata. */
      METADATA
    }

    /**
     * The value of an event.
     *
     * @param name of the quantity or of the field of the metadata; empty for the others
     */
    public record EventValue(EventField field, String name) {}

    /** An app from a moment of use to another one, which is not part of it. */
    public record AppRange(String app, Instant from, Instant to) {
      /**
       * Refuses one that ends before it begins.
       *
       * @throws RequestRefusedException naming what it must be
       */
      public AppRange {
        if (!to.isAfter(from)) {
          throw RequestRefusedException.invalid("to", "after from, " + from);
        }
      }
    }

    MeterQuery of(List<AppRange> other) {
      return new MeterQuery(other, module, models, metadata, measure, value, groupBy, NOW);
    }

    /** Whether whole hours can come from the rollups. */
    public boolean isRolledUp() {
      boolean known =
          measure == Measure.COUNT
              || (measure == Measure.SUM
                  && (value.field() == EventField.USAGE || value.field() == EventField.ONE));
      return known && metadata.isEmpty() && !(groupBy instanceof Dimension.Metadata);
    }

    /** What makes one number of the values, in SQL. */
    String aggregate() {
      return switch (measure) {
        case SUM -> "sum(value)";
        case COUNT -> "count(*)::numeric";
        case MAX -> "max(value)";
        case LATEST -> "(array_agg(value ORDER BY occurred_at DESC, stream_id DESC, seq DESC))[1]";
        case UNIQUE -> "count(DISTINCT value)::numeric";
      };
    }

    /** Whether it counts events, whichever way that is said. */
    boolean counts() {
      return measure == Measure.COUNT
          || (measure == Measure.SUM && value.field() == EventField.ONE);
    }
  }
}
