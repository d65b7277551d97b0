package io.billingsdk.server.customers;

import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Whose an app is, and when. */
final class CustomerAppRows {
  private static final String LOCK =
      "SELECT pg_advisory_xact_lock(hashtextextended('billing.customer_app/' || :app, 0))";

  private static final String LAST =
      """
      SELECT app_id, customer_id, valid_from FROM customer_app
      WHERE app_id = :app ORDER BY valid_from DESC LIMIT 1
      """;

  private static final String ADD =
      "INSERT INTO customer_app (app_id, valid_from, customer_id) VALUES (:app, :at, :customer)";

  private static final String SPANS =
      """
      SELECT s.app_id, s.valid_from, s.valid_to FROM customer_app_span s
      WHERE s.customer_id = :customer
        AND s.app_id IN (SELECT app_id FROM customer_app WHERE customer_id = :customer)
      ORDER BY s.app_id, s.valid_from
      """;

  private static final String MOVED =
      """
      SELECT DISTINCT app_id FROM customer_app
      WHERE valid_from > :after AND valid_from <= :upTo AND app_id > :afterApp
      ORDER BY app_id LIMIT :most
      """;

  private CustomerAppRows() {}

  /** The last that was said of an app: whose it is from then on. */
  record LastRow(@Nullable String customer, Instant from) {}

  /** Waits for others that change whose the app is, and holds up those that come after. */
  static Optional<LastRow> lockLast(Handle handle, String app) {
    var unused = handle.createQuery(LOCK).bind("app", app).mapToMap().one();
    return handle
        .createQuery(LAST)
        .bind("app", app)
        .map(
            ResultRow.to(row -> new LastRow(row.textOrNull("customer_id"), row.time("valid_from"))))
        .findFirst();
  }

  static void add(Handle handle, String app, Instant from, @Nullable String customer) {
    handle.createUpdate(ADD).bind("app", app).bind("at", from).bind("customer", customer).execute();
  }

  static List<String> moved(Handle handle, Instant after, Instant upTo, String afterApp, int most) {
    return handle
        .createQuery(MOVED)
        .bind("after", after)
        .bind("upTo", upTo)
        .bind("afterApp", afterApp)
        .bind("most", most)
        .mapTo(String.class)
        .list();
  }

  static List<AppSpan> spans(Handle handle, String customer) {
    return handle
        .createQuery(SPANS)
        .bind("customer", customer)
        .map(
            ResultRow.to(
                row ->
                    new AppSpan(
                        row.text("app_id"), row.time("valid_from"), row.timeOrNull("valid_to"))))
        .list();
  }
}
