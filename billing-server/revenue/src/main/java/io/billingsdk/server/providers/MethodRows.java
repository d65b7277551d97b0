package io.billingsdk.server.providers;

import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of saved methods, and of customers as providers know them. */
final class MethodRows {
  private static final String SELECT =
      """
      SELECT method_id, position, customer_id, provider, token, brand, last4, expires_on,
        is_default, created_at
      FROM saved_method
      """;

  private static final String INSERT =
      """
      INSERT INTO saved_method (method_id, customer_id, provider, token, token_mac, brand, last4,
        expires_on, is_default)
      VALUES (:id, :customer, :provider, :token, :mac, :brand, :last4, :expires, :isDefault)
      ON CONFLICT (customer_id, token_mac) DO UPDATE SET is_default = EXCLUDED.is_default,
        removed_at = NULL, expires_on = EXCLUDED.expires_on
      RETURNING method_id
      """;

  private MethodRows() {}

  /** One who changes the methods of a customer is alone with them until the transaction ends. */
  static void lock(Handle handle, String customer) {
    var unused =
        handle
            .createQuery(
                "SELECT pg_advisory_xact_lock(hashtextextended('billing.methods/' || :id, 0))")
            .bind("id", customer)
            .mapToMap()
            .one();
  }

  /** Adds one that is the default from now on, or finds it again. Returns its id. */
  static String insert(Handle handle, SavedMethod method, String mac) {
    noDefault(handle, method.customer());
    return handle
        .createQuery(INSERT)
        .bind("id", method.id())
        .bind("customer", method.customer())
        .bind("provider", method.provider().text())
        .bind("token", HexFormat.of().parseHex(method.sealed()))
        .bind("mac", mac)
        .bind("brand", method.brand())
        .bind("last4", method.last4())
        .bind("expires", method.expiresOn())
        .bind("isDefault", true)
        .map(ResultRow.to(row -> row.text("method_id")))
        .one();
  }

  private static void noDefault(Handle handle, String customer) {
    handle
        .createUpdate(
            "UPDATE saved_method SET is_default = false WHERE customer_id = :customer AND"
                + " is_default")
        .bind("customer", customer)
        .execute();
  }

  static void remove(Handle handle, String id) {
    handle
        .createUpdate(
            "UPDATE saved_method SET is_default = false, removed_at = now() WHERE method_id = :id")
        .bind("id", id)
        .execute();
  }

  static Optional<SavedMethod> ofDefault(Handle handle, String customer) {
    return handle
        .createQuery(SELECT + "WHERE customer_id = :customer AND is_default")
        .bind("customer", customer)
        .map(ResultRow.to(MethodRows::method))
        .findFirst();
  }

  /** Also one that was removed: a charge of it may still be under way. */
  static Optional<SavedMethod> find(Handle handle, String id) {
    return handle
        .createQuery(SELECT + "WHERE method_id = :id")
        .bind("id", id)
        .map(ResultRow.to(MethodRows::method))
        .findFirst();
  }

  static List<SavedMethod> of(Handle handle, String customer, long after, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                WHERE customer_id = :customer AND removed_at IS NULL AND position > :after
                ORDER BY position LIMIT :most
                """)
        .bind("customer", customer)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(MethodRows::method))
        .list();
  }

  /** Customers that can be charged, in the order of their ids. */
  static List<String> customers(Handle handle, String after, int most) {
    return handle
        .createQuery(
            """
            SELECT customer_id FROM saved_method WHERE is_default AND customer_id > :after
            ORDER BY customer_id LIMIT :most
            """)
        .bind("after", after)
        .bind("most", most)
        .map(ResultRow.to(row -> row.text("customer_id")))
        .list();
  }

  static Optional<String> providerCustomer(Handle handle, String customer, ProviderName provider) {
    return handle
        .createQuery(
            """
            SELECT reference FROM provider_customer
            WHERE customer_id = :customer AND provider = :provider
            """)
        .bind("customer", customer)
        .bind("provider", provider.text())
        .map(ResultRow.to(row -> row.text("reference")))
        .findFirst();
  }

  static void addProviderCustomer(
      Handle handle, String customer, ProviderName provider, String reference) {
    handle
        .createUpdate(
            """
            INSERT INTO provider_customer (customer_id, provider, reference)
            VALUES (:customer, :provider, :reference) ON CONFLICT DO NOTHING
            """)
        .bind("customer", customer)
        .bind("provider", provider.text())
        .bind("reference", reference)
        .execute();
  }

  private static SavedMethod method(ResultRow row) {
    @Nullable String expires = row.textOrNull("expires_on");
    return new SavedMethod(
        row.text("method_id"),
        row.number("position"),
        row.text("customer_id"),
        ProviderName.of(row.text("provider")),
        HexFormat.of().formatHex(row.bytes("token")),
        row.text("brand"),
        row.text("last4"),
        expires == null ? null : LocalDate.parse(expires),
        row.flag("is_default"),
        row.time("created_at"));
  }
}
