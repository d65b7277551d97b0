package io.billingsdk.server.ledger;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Usage of many names by hours or days of UTC, from the rollups alone. A question is one statement,
 * however many names there are, so it never refuses too many of them. It is for statistics: an hour
 * that is under way counts as far as it has come, and an app that changes hands within an hour
 * brings the whole hour to its owner at the beginning. Thread-safe.
 */
public final class HourlyUsage {
  private static final int MOST_FACTS = 20_000;

  private final Database database;

  /** In a database. */
  public HourlyUsage(Database database) {
    this.database = database;
  }

  /**
   * Hours from one to another.
   *
   * @param to exclusive
   */
  public record TimeRange(Instant from, Instant to) {}

  /**
   * The names with the most usage.
   *
   * @param names the largest first
   * @param count how many names there are in all
   */
  public record Ranking(List<String> names, long count) {}

  /**
   * Some of the names that usage has.
   *
   * @param naming what a name is
   * @param names those that are meant
   */
  public record NamedUsage(UsageNaming naming, List<String> names) {
    /** Copies the list. */
    public NamedUsage {
      names = List.copyOf(names);
    }
  }

  /** A part of the usage of a name. */
  public record UsagePart(String app, String module, String model, BigDecimal usage) {}

  /** The names with the most usage in a range, at most so many. */
  public Ranking largest(UsageNaming naming, TimeRange range, int most) {
    if (naming.isNone()) {
      return new Ranking(List.of(), 0);
    }
    Sql sql = new Sql().add("SELECT name, sum(measured) AS measured, count(*) OVER () AS names");
    NamingSql.add(sql.add("FROM ("), naming, range);
    sql.add(") AS used GROUP BY name HAVING sum(measured) > 0");
    sql.add("ORDER BY measured DESC, name LIMIT ?", most);
    long[] count = {0};
    List<String> names =
        database.read(
            handle ->
                sql.query(handle)
                    .map(
                        ResultRow.to(
                            row -> {
                              count[0] = row.number("names");
                              return row.text("name");
                            }))
                    .list());
    return new Ranking(names, count[0]);
  }

  /**
   * Usage by bucket.
   *
   * @param withRest whether all other names are summed up, too: under the empty text
   * @param bucket an hour or a day
   */
  public Map<String, Map<Instant, BigDecimal>> series(
      NamedUsage wanted, boolean withRest, TimeRange range, Bucket bucket) {
    if (wanted.naming().isNone()) {
      return Map.of();
    }
    String unit = bucket == Bucket.DAY ? "day" : "hour";
    Sql sql = new Sql();
    sql.add("SELECT CASE WHEN name = ANY (?) THEN name ELSE '' END AS name,", names(wanted));
    sql.add("date_trunc('" + unit + "', hour, 'UTC') AS starts, sum(measured) AS measured FROM (");
    NamingSql.add(sql, wanted.naming(), range);
    sql.add(") AS used");
    if (!withRest) {
      sql.add("WHERE name = ANY (?)", names(wanted));
    }
    sql.add("GROUP BY 1, 2");
    Map<String, Map<Instant, BigDecimal>> all = new HashMap<>();
    database.read(
        handle -> {
          sql.query(handle)
              .map(
                  ResultRow.to(
                      row ->
                          all.computeIfAbsent(row.text("name"), none -> new HashMap<>())
                              .put(row.time("starts"), row.decimal("measured"))))
              .list();
          return true;
        });
    return all;
  }

  /**
   * What the usage of some names is made of, the largest parts first; at most {@value #MOST_FACTS}.
   *
   * @param others whether all names but these are meant
   */
  public List<UsagePart> parts(NamedUsage wanted, boolean others, TimeRange range) {
    if (wanted.naming().isNone()) {
      return List.of();
    }
    Sql sql = new Sql().add("SELECT app_id, module, model, sum(measured) AS measured FROM (");
    NamingSql.add(sql, wanted.naming(), range);
    sql.add(") AS used WHERE (name = ANY (?)) <> ?", names(wanted), others);
    sql.add("GROUP BY 1, 2, 3 ORDER BY measured DESC, 1, 2, 3 LIMIT " + MOST_FACTS);
    return database.read(
        handle ->
            sql.query(handle)
                .map(
                    ResultRow.to(
                        row ->
                            new UsagePart(
                                row.text("app_id"),
                                row.text("module"),
                                row.text("model"),
                                row.decimal("measured"))))
                .list());
  }

  private static Object names(NamedUsage wanted) {
    return SqlArrays.texts(wanted.names());
  }
}
