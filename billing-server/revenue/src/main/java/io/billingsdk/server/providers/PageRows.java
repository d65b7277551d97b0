package io.billingsdk.server.providers;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Pages of providers on which customers give a payment method. */
final class PageRows {
  private PageRows() {}

  /**
   * A page.
   *
   * @param url null while the provider has not made it
   * @param problem why it could not be made; null if it could
   */
  record StoredPage(
      String id,
      String customer,
      ProviderName provider,
      @Nullable String url,
      @Nullable String problem,
      Instant createdAt) {
    String state() {
      if (url != null) {
        return "open";
      }
      return problem == null ? "created" : "failed";
    }
  }

  static void insert(Handle handle, String id, String customer, ProviderName provider) {
    handle
        .createUpdate(
            """
            INSERT INTO provider_page (page_id, customer_id, provider)
            VALUES (:id, :customer, :provider)
            """)
        .bind("id", id)
        .bind("customer", customer)
        .bind("provider", provider.text())
        .execute();
  }

  static void settle(Handle handle, String id, @Nullable String url, @Nullable String problem) {
    handle
        .createUpdate("UPDATE provider_page SET url = :url, problem = :problem WHERE page_id = :id")
        .bind("url", url)
        .bind("problem", problem)
        .bind("id", id)
        .execute();
  }

  static Optional<StoredPage> find(Handle handle, String id) {
    return handle
        .createQuery(
            """
            SELECT page_id, customer_id, provider, url, problem, created_at FROM provider_page
            WHERE page_id = :id
            """)
        .bind("id", id)
        .map(
            ResultRow.to(
                row ->
                    new StoredPage(
                        row.text("page_id"),
                        row.text("customer_id"),
                        ProviderName.of(row.text("provider")),
                        row.textOrNull("url"),
                        row.textOrNull("problem"),
                        row.time("created_at"))))
        .findFirst();
  }
}
