package io.billingsdk.server.statistics;

import io.billingsdk.costs.LocalDays.Range;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.statistics.Tally.Cell;
import io.billingsdk.server.statistics.Tally.Name;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Sums in their tables: of all times, and in quarters of an hour. */
final class TallyRows {
  /** Of all times, in the order of quarters: before each of them. */
  private static final Instant NEVER = Instant.EPOCH;

  // Both in the order of their keys: two transactions with the same person wait, and never for
  // each other. Only persons who are there have sums.
  private static final String ADD_TOTALS =
      """
      INSERT INTO statistics_total AS t (person, profile, counter, label, amount, first_at, last_at)
      SELECT d.person::uuid, d.profile, d.counter, d.label, trim_scale(d.amount), d.first_at,
        d.last_at
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::timestamptz[],
        ?::timestamptz[]) AS d (person, profile, counter, label, amount, first_at, last_at)
      ORDER BY d.person::uuid, d.profile, d.counter, d.label
      ON CONFLICT (person, profile, counter, label) DO UPDATE
      SET amount = trim_scale(t.amount + excluded.amount),
        first_at = least(t.first_at, excluded.first_at),
        last_at = greatest(t.last_at, excluded.last_at)
      """;

  private static final String ADD_QUARTERS =
      """
      INSERT INTO statistics_quarter AS t (person, profile, counter, label, amount, first_at,
        last_at, starts)
      SELECT d.person::uuid, d.profile, d.counter, d.label, trim_scale(d.amount), d.first_at,
        d.last_at, d.starts
      FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::timestamptz[],
        ?::timestamptz[], ?::timestamptz[])
        AS d (person, profile, counter, label, amount, first_at, last_at, starts)
      ORDER BY d.person::uuid, d.profile, d.starts, d.counter, d.label
      ON CONFLICT (person, profile, starts, counter, label) DO UPDATE
      SET amount = trim_scale(t.amount + excluded.amount),
        first_at = least(t.first_at, excluded.first_at),
        last_at = greatest(t.last_at, excluded.last_at)
      """;

  private static final String SUM =
      """
      SELECT counter, label, sum(amount) AS amount, min(first_at) AS first_at,
        max(last_at) AS last_at
      """;

  private static final String TOTAL =
      SUM
          + """
          FROM statistics_total WHERE person = ANY(:people::uuid[]) AND profile = :profile
          GROUP BY counter, label
          """;

  // Added up by the database: three years of quarters would be far more rows than their sums.
  private static final String IN_RANGES =
      """
      SELECT r.place, q.counter, q.label, sum(q.amount) AS amount, min(q.first_at) AS first_at,
        max(q.last_at) AS last_at
      FROM unnest(:from::timestamptz[], :to::timestamptz[])
        WITH ORDINALITY AS r (starts, ends, place)
      JOIN statistics_quarter q ON q.person = ANY(:people::uuid[]) AND q.profile = :profile
        AND q.starts >= r.starts AND q.starts < r.ends
      GROUP BY r.place, q.counter, q.label
      """;

  private static final String OF_ALL =
      SUM + "FROM statistics_total WHERE profile = :profile GROUP BY counter, label";

  private TallyRows() {}

  /** Whose sums, and when: the beginning of a quarter, or no time for all of them. */
  record Place(UUID person, String profile, Instant starts) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.<Place, String>comparing(place -> place.person().toString())
            .thenComparing(Place::profile)
            .thenComparing(Place::starts);

    /** Of all times. */
    static Place ofAllTimes(UUID person, String profile) {
      return new Place(person, profile, NEVER);
    }

    private boolean isOfAllTimes() {
      return starts.equals(NEVER);
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private record Row(Place place, Name name, Cell cell) {}

  /** Adds to sums. */
  static void add(Handle handle, SortedMap<Place, Tally> sums) {
    List<Row> rows =
        sums.entrySet().stream()
            .flatMap(
                each ->
                    each.getValue().cells().entrySet().stream()
                        .map(cell -> new Row(each.getKey(), cell.getKey(), cell.getValue())))
            .toList();
    add(
        handle,
        rows.stream().filter(row -> row.place().isOfAllTimes()).toList(),
        ADD_TOTALS,
        false);
    add(
        handle,
        rows.stream().filter(row -> !row.place().isOfAllTimes()).toList(),
        ADD_QUARTERS,
        true);
  }

  private static void add(Handle handle, List<Row> rows, String sql, boolean inQuarters) {
    if (rows.isEmpty()) {
      return;
    }
    var update =
        handle
            .createUpdate(sql)
            .bind(0, texts(rows, row -> row.place().person().toString()))
            .bind(1, texts(rows, row -> row.place().profile()))
            .bind(2, texts(rows, row -> row.name().counter()))
            .bind(3, texts(rows, row -> row.name().label()))
            .bind(4, SqlArrays.decimals(rows.stream().map(row -> row.cell().amount()).toList()))
            .bind(5, times(rows, row -> row.cell().firstAt()))
            .bind(6, times(rows, row -> row.cell().lastAt()));
    if (inQuarters) {
      update.bind(7, times(rows, row -> row.place().starts()));
    }
    update.execute();
  }

  private static Argument texts(List<Row> rows, Function<Row, String> text) {
    return SqlArrays.texts(rows.stream().map(text).toList());
  }

  /** A correction has no time of its own. */
  private static Argument times(List<Row> rows, Function<Row, @Nullable Instant> time) {
    Object[] texts = new Object[rows.size()];
    for (int i = 0; i < texts.length; i++) {
      Instant at = time.apply(rows.get(i));
      texts[i] = at == null ? null : at.toString();
    }
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf("text", texts));
  }

  /** Of all times. */
  static Tally total(Handle handle, Collection<UUID> people, String profile) {
    return tally(
        handle
            .createQuery(TOTAL)
            .bind("people", PersonRows.ids(people))
            .bind("profile", profile)
            .map(ResultRow.to(TallyRows::row))
            .list());
  }

  /** Of all people and times. */
  static Tally ofAll(Handle handle, String profile) {
    return tally(
        handle
            .createQuery(OF_ALL)
            .bind("profile", profile)
            .map(ResultRow.to(TallyRows::row))
            .list());
  }

  /** The sums of the quarters that begin in each of some ranges. */
  static List<Tally> in(
      Handle handle, Collection<UUID> people, String profile, List<Range> ranges) {
    List<Tally> tallies = new ArrayList<>(Collections.nCopies(ranges.size(), Tally.EMPTY));
    handle
        .createQuery(IN_RANGES)
        .bind("people", PersonRows.ids(people))
        .bind("profile", profile)
        .bind("from", SqlArrays.times(ranges.stream().map(Range::from).toList()))
        .bind("to", SqlArrays.times(ranges.stream().map(Range::to).toList()))
        .map(
            ResultRow.to(row -> Map.entry((int) row.number("place") - 1, tally(List.of(row(row))))))
        .list()
        .forEach(
            each -> tallies.set(each.getKey(), tallies.get(each.getKey()).plus(each.getValue())));
    return tallies;
  }

  private static Map.Entry<Name, Cell> row(ResultRow row) {
    return Map.entry(
        new Name(row.text("counter"), row.text("label")),
        new Cell(row.decimal("amount"), row.timeOrNull("first_at"), row.timeOrNull("last_at")));
  }

  private static Tally tally(List<Map.Entry<Name, Cell>> rows) {
    SortedMap<Name, Cell> cells = new TreeMap<>();
    rows.forEach(each -> cells.put(each.getKey(), each.getValue()));
    return new Tally(cells);
  }
}
