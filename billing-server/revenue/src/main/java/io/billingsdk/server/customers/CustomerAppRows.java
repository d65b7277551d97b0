package io.billingsdk.server.customers;

import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.customers.Customers.CustomerApp;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
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

  // An array, not IN: only so does the view look at these apps alone, and not at all there are.
  private static final String SPANS =
      """
      SELECT s.app_id, s.valid_from, s.valid_to FROM customer_app_span s
      WHERE s.customer_id = :customer
        AND s.app_id = ANY (ARRAY(SELECT app_id FROM customer_app WHERE customer_id = :customer))
      ORDER BY s.app_id, s.valid_from
      """;

  private static final String SINCE =
      """
      SELECT customer_id, app_id, valid_from, valid_to FROM customer_app_span
      WHERE customer_id IS NOT NULL AND (valid_to IS NULL OR valid_to > :since)
      ORDER BY app_id, valid_from
      """;

  private static final String OWNERS =
      """
      SELECT app_id, customer_id FROM customer_app_span
      WHERE app_id = ANY (:apps) AND customer_id IS NOT NULL AND valid_from <= :at
        AND (valid_to IS NULL OR valid_to > :at)
      """;

  private static final String APPS =
      """
      SELECT s.app_id, s.customer_id FROM customer_app_span s
      WHERE s.app_id = ANY (ARRAY(
          SELECT app_id FROM customer_app WHERE customer_id = ANY (:customers)))
        AND s.customer_id = ANY (:customers) AND s.valid_from <= :at
        AND (s.valid_to IS NULL OR s.valid_to > :at)
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

  static Map<String, String> owners(Handle handle, Collection<String> apps, Instant at) {
    return owners(handle.createQuery(OWNERS).bind("apps", SqlArrays.texts(apps)), at);
  }

  /** The apps of customers, with whose each is. */
  static Map<String, String> apps(Handle handle, Collection<String> customers, Instant at) {
    return owners(handle.createQuery(APPS).bind("customers", SqlArrays.texts(customers)), at);
  }

  private static Map<String, String> owners(Query query, Instant at) {
    return query
        .bind("at", at)
        .map(ResultRow.to(row -> Map.entry(row.text("app_id"), row.text("customer_id"))))
        .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
  }

  static List<AppSpan> spans(Handle handle, String customer) {
    return handle
        .createQuery(SPANS)
        .bind("customer", customer)
        .map(ResultRow.to(CustomerAppRows::span))
        .list();
  }

  static List<CustomerApp> spansSince(Handle handle, Instant since) {
    return handle
        .createQuery(SINCE)
        .bind("since", since)
        .map(ResultRow.to(row -> new CustomerApp(row.text("customer_id"), span(row))))
        .list();
  }

  private static AppSpan span(ResultRow row) {
    return new AppSpan(row.text("app_id"), row.time("valid_from"), row.timeOrNull("valid_to"));
  }
}
