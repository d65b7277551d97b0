package io.billingsdk.tiny;

import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up the usage of each app, in the transaction that stores the events. */
final class TinyUsageHook implements AppendHook {
  private static final String ADD =
      "INSERT INTO tiny_usage AS t VALUES (?, ?)"
          + " ON CONFLICT (app_id) DO UPDATE SET usage = t.usage + excluded.usage";

  @Override
  public String name() {
    return "tiny-usage";
  }

  @Override
  public void appended(Connection transaction, List<AppendedEvent> rows) throws SQLException {
    // Sorted: all transactions lock the rows of the apps in one order.
    Map<String, BigDecimal> sums = new TreeMap<>();
    for (AppendedEvent row : rows) {
      if (row.app() != null) {
        sums.merge(row.app(), row.usage(), BigDecimal::add);
      }
    }
    try (PreparedStatement add = transaction.prepareStatement(ADD)) {
      for (Map.Entry<String, BigDecimal> sum : sums.entrySet()) {
        add.setString(1, sum.getKey());
        add.setBigDecimal(2, sum.getValue());
        add.addBatch();
      }
      add.executeBatch();
    }
  }
}
