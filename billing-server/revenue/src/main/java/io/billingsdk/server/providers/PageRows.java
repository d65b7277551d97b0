package io.billingsdk.server.providers;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.providers.PaymentProvider.HostedPage;
import java.time.Instant;
import java.util.List;
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

  /** The provider has made it; one that has a reference is looked at for three days. */
  static void open(Handle handle, String id, HostedPage made) {
    handle
        .createUpdate(
            """
            UPDATE provider_page SET url = :url, reference = nullif(:reference, ''),
              look_at = CASE WHEN :reference = '' THEN NULL ELSE now() END
            WHERE page_id = :id
            """)
        .bind("url", made.url())
        .bind("reference", made.reference())
        .bind("id", id)
        .execute();
  }

  static void fail(Handle handle, String id, String problem) {
    handle
        .createUpdate("UPDATE provider_page SET problem = :problem WHERE page_id = :id")
        .bind("problem", problem)
        .bind("id", id)
        .execute();
  }

  /** A page on which a customer may have given a method. */
  record OpenPage(String id, String customer, ProviderName provider, String reference) {}

  static List<OpenPage> toLook(Handle handle, int most) {
    return handle
        .createQuery(
            """
            SELECT page_id, customer_id, provider, reference FROM provider_page
            WHERE look_at <= now() ORDER BY look_at, page_id LIMIT :most
            """)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new OpenPage(
                        row.text("page_id"),
                        row.text("customer_id"),
                        ProviderName.of(row.text("provider")),
                        row.text("reference"))))
        .list();
  }

  /** Nobody has used it yet: it is looked at again, ever less often, until it is over. */
  static void lookAgain(Handle handle, String id) {
    handle
        .createUpdate(
            """
            UPDATE provider_page SET look_at = CASE
              WHEN created_at < now() - interval '3 days' THEN NULL
              ELSE now() + least((now() - created_at) / 10, interval '10 minutes') END
            WHERE page_id = :id AND look_at IS NOT NULL
            """)
        .bind("id", id)
        .execute();
  }

  /** False when another server has closed it. */
  static boolean close(Handle handle, String id) {
    return handle
            .createUpdate(
                """
                UPDATE provider_page SET look_at = NULL
                WHERE page_id = :id AND look_at IS NOT NULL
                """)
            .bind("id", id)
            .execute()
        > 0;
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
