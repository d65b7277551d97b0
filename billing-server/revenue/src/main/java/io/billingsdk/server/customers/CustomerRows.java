package io.billingsdk.server.customers;

import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.db.ResultRow;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of customers. */
final class CustomerRows {
  private static final String SELECT =
      """
      SELECT c.customer_id, c.name, c.currency, c.zone, c.locale, c.seller_id, c.tax_country,
        c.tax_region, c.tax_ids, c.created_at
      FROM customer c
      """;

  private static final String INSERT =
      """
      INSERT INTO customer (customer_id, name, currency, zone, locale, seller_id, tax_country,
        tax_region, tax_ids)
      VALUES (:id, :name, :currency, :zone, :locale, :seller, :country, :region, :taxIds::jsonb)
      ON CONFLICT DO NOTHING
      """;

  private static final String UPDATE =
      """
      UPDATE customer SET name = :name, zone = :zone, locale = :locale, seller_id = :seller,
        tax_country = :country, tax_region = :region, tax_ids = :taxIds::jsonb
      WHERE customer_id = :id
      """;

  private static final String OF_APP =
      SELECT
          + """
          JOIN customer_app_span s USING (customer_id)
          WHERE s.app_id = :app AND s.valid_from <= :at
            AND (s.valid_to IS NULL OR s.valid_to > :at)
          """;

  private CustomerRows() {}

  static Optional<Customer> find(Handle handle, String id, String lock) {
    return handle
        .createQuery(SELECT + "WHERE customer_id = :id " + lock)
        .bind("id", id)
        .map(ResultRow.to(CustomerRows::customer))
        .findFirst();
  }

  static Optional<Customer> ofApp(Handle handle, String app, java.time.Instant at) {
    return handle
        .createQuery(OF_APP)
        .bind("app", app)
        .bind("at", at)
        .map(ResultRow.to(CustomerRows::customer))
        .findFirst();
  }

  static List<Customer> after(Handle handle, String after, int most) {
    return handle
        .createQuery(SELECT + "WHERE customer_id > :after ORDER BY customer_id LIMIT :most")
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(CustomerRows::customer))
        .list();
  }

  /** False when there is one with this id. */
  static boolean insert(Handle handle, Customers.NewCustomer wanted) {
    TaxPlace place = wanted.taxPlace();
    return handle
            .createUpdate(INSERT)
            .bind("id", wanted.id())
            .bind("name", wanted.name())
            .bind("currency", wanted.currency())
            .bind("zone", wanted.zone())
            .bind("locale", CustomerFields.locale(wanted.locale()))
            .bind("seller", wanted.seller())
            .bind("country", place == null ? null : place.country())
            .bind("region", place == null ? null : place.region())
            .bind("taxIds", TaxIdsJson.of(wanted.taxIds()))
            .execute()
        > 0;
  }

  static void update(Handle handle, Customer changed) {
    TaxPlace place = changed.taxPlace();
    handle
        .createUpdate(UPDATE)
        .bind("id", changed.id())
        .bind("name", changed.name())
        .bind("zone", changed.zone().getId())
        .bind("locale", changed.locale())
        .bind("seller", changed.seller())
        .bind("country", place == null ? null : place.country())
        .bind("region", place == null ? null : place.region())
        .bind("taxIds", TaxIdsJson.of(changed.taxIds()))
        .execute();
  }

  private static Customer customer(ResultRow row) {
    return new Customer(
        row.text("customer_id"),
        row.text("name"),
        row.text("currency"),
        ZoneId.of(row.text("zone")),
        row.text("locale"),
        row.textOrNull("seller_id"),
        place(row.textOrNull("tax_country"), row.textOrNull("tax_region")),
        TaxIdsJson.taxIds(row.text("tax_ids")),
        row.time("created_at"));
  }

  private static @Nullable TaxPlace place(@Nullable String country, @Nullable String region) {
    return country == null ? null : new TaxPlace(country, region);
  }
}
