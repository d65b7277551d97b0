package io.billingsdk.server.ledger;

import io.billingsdk.server.db.SqlArrays;
import io.billingsdk.server.ledger.HourlyUsage.TimeRange;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery;
import io.billingsdk.server.ledger.UsageNaming.OfColumn;
import io.billingsdk.server.ledger.UsageNaming.OfMeter;
import io.billingsdk.server.ledger.UsageNaming.OfOwner;
import io.billingsdk.server.ledger.UsageNaming.OwnedApp;
import java.util.List;
import java.util.Map;

/** Rows of the rollups with their names: name, hour, app_id, module, model, measured. */
final class NamingSql {
  private static final String COLUMNS = "s.hour, s.app_id, s.module, s.model,";

  private NamingSql() {}

  /** Adds a statement that gives a row for each hour and name. */
  static void add(Sql sql, UsageNaming naming, TimeRange range) {
    if (naming instanceof OfColumn known) {
      addColumn(sql, "s." + known.column().column(), range);
    } else if (naming instanceof OfOwner known) {
      addOwners(sql, known.apps(), range);
    } else if (naming instanceof OfMeter known) {
      addMeters(sql, known.meters(), range);
    }
  }

  private static void addColumn(Sql sql, String name, TimeRange range) {
    sql.add("SELECT " + name + " AS name, " + COLUMNS + " s.usage AS measured");
    sql.add("FROM usage_rollup_shard s WHERE");
    addHours(sql, range);
    sql.add("AND " + name + " <> ''");
  }

  private static void addOwners(Sql sql, List<OwnedApp> apps, TimeRange range) {
    sql.add("SELECT span.name, " + COLUMNS + " s.usage AS measured");
    sql.add(
        "FROM unnest(?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])"
            + " AS span (name, app_id, first, beyond)",
        SqlArrays.texts(apps.stream().map(OwnedApp::owner).toList()),
        SqlArrays.texts(apps.stream().map(each -> each.range().app()).toList()),
        SqlArrays.times(apps.stream().map(each -> each.range().from()).toList()),
        SqlArrays.times(apps.stream().map(each -> each.range().to()).toList()));
    sql.add("JOIN usage_rollup_shard s ON s.app_id = span.app_id");
    sql.add("AND s.hour >= span.first AND s.hour < span.beyond WHERE");
    addHours(sql, range);
  }

  private static void addMeters(Sql sql, Map<String, MeterQuery> meters, TimeRange range) {
    String between = "";
    for (Map.Entry<String, MeterQuery> each : meters.entrySet()) {
      MeterQuery meter = each.getValue();
      sql.add(between + "SELECT ?::text AS name, " + COLUMNS, each.getKey());
      sql.add((meter.counts() ? "s.events::numeric" : "s.usage") + " AS measured");
      sql.add("FROM usage_rollup_shard s WHERE s.app_id <> '' AND");
      addHours(sql, range);
      MeterSql.addFilter(sql, meter.module(), meter.models(), "s");
      between = "UNION ALL ";
    }
  }

  private static void addHours(Sql sql, TimeRange range) {
    sql.add("s.hour >= ? AND s.hour < ?", range.from(), range.to());
  }
}
