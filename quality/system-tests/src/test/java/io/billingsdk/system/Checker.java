package io.billingsdk.system;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Holds the ledger against the history, by SQL on the tables and by nothing of the server's code.
 */
final class Checker {
  private final Ledger ledger;

  /**
   * Where to look.
   *
   * @param events a query of {@code id, usage} of every event in the ledger
   * @param rollups a query of the sum of all rollups
   */
  record Ledger(String events, String rollups) {}

  /** What the ledger has of one event. */
  private record Found(long times, BigDecimal usage) {}

  Checker(Ledger ledger) {
    this.ledger = ledger;
  }

  Verdict check(Connection database, History history, Set<Long> dead) throws SQLException {
    Map<Long, Found> found = events(database);
    return verdict(found, sum(database, ledger.rollups()), history, dead);
  }

  private static Verdict verdict(
      Map<Long, Found> found, BigDecimal rollups, History history, Set<Long> dead) {
    Set<Long> attempted = history.attempted();
    Set<Long> rejected = history.rejected();
    Set<Long> owed = history.owed();
    owed.removeAll(dead);
    Set<Long> inDoubt = history.inDoubt();
    Set<Long> durable = history.durable();
    durable.removeAll(dead);
    long doubled = 0;
    long phantom = 0;
    long falsified = 0;
    long rows = 0;
    BigDecimal expected = BigDecimal.ZERO;
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<Long, Found> each : found.entrySet()) {
      long id = each.getKey();
      BigDecimal once = Usage.of(id);
      rows += each.getValue().times();
      doubled += each.getValue().times() > 1 ? 1 : 0;
      phantom += !attempted.contains(id) || rejected.contains(id) ? 1 : 0;
      BigDecimal all = once.multiply(BigDecimal.valueOf(each.getValue().times()));
      falsified += all.compareTo(each.getValue().usage()) != 0 ? 1 : 0;
      expected = expected.add(once);
      sum = sum.add(each.getValue().usage());
    }
    return new Verdict(
        attempted.size(),
        owed.size(),
        durable.size(),
        missing(durable, found),
        inDoubt.size(),
        missing(inDoubt, found),
        dead.size(),
        rows,
        missing(owed, found),
        doubled,
        phantom,
        falsified,
        expected,
        sum,
        rollups);
  }

  private static long missing(Set<Long> ids, Map<Long, Found> found) {
    return ids.stream().filter(id -> !found.containsKey(id)).count();
  }

  private Map<Long, Found> events(Connection database) throws SQLException {
    Map<Long, Found> found = new HashMap<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(ledger.events())) {
      while (rows.next()) {
        found.merge(
            rows.getLong(1),
            new Found(1, rows.getBigDecimal(2)),
            (a, b) -> new Found(a.times() + 1, a.usage().add(b.usage())));
      }
    }
    return found;
  }

  private static BigDecimal sum(Connection database, String query) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      BigDecimal sum = row.getBigDecimal(1);
      return sum == null ? BigDecimal.ZERO : sum;
    }
  }
}
