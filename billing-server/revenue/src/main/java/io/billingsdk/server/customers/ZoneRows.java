package io.billingsdk.server.customers;

import io.billingsdk.server.customers.ZoneHistory.ZoneChange;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The rows of changes of zones. */
final class ZoneRows {
  // A test clock stands: there may be two changes at one moment, and the last one counts.
  private static final String ADD =
      """
      INSERT INTO customer_zone (customer_id, since, before, zone)
      VALUES (:customer, :since, :before, :zone)
      ON CONFLICT (customer_id, since) DO UPDATE SET zone = excluded.zone
      """;

  private static final String ALL =
      "SELECT since, before, zone FROM customer_zone WHERE customer_id = :customer ORDER BY since";

  private ZoneRows() {}

  private record ZoneRow(ZoneId before, ZoneChange change) {}

  static void add(Handle handle, String customer, Instant since, ZoneId before, ZoneId zone) {
    handle
        .createUpdate(ADD)
        .bind("customer", customer)
        .bind("since", since)
        .bind("before", before.getId())
        .bind("zone", zone.getId())
        .execute();
  }

  static ZoneHistory of(Handle handle, Customer customer) {
    List<ZoneRow> rows =
        handle
            .createQuery(ALL)
            .bind("customer", customer.id())
            .map(
                ResultRow.to(
                    row ->
                        new ZoneRow(
                            ZoneId.of(row.text("before")),
                            new ZoneChange(row.time("since"), ZoneId.of(row.text("zone"))))))
            .list();
    return rows.isEmpty()
        ? ZoneHistory.of(customer.zone())
        : new ZoneHistory(rows.get(0).before(), rows.stream().map(ZoneRow::change).toList());
  }
}
