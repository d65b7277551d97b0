package io.billingsdk.server.dunning;

import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of saved cards, as far as their end matters. */
final class CardRows {
  private CardRows() {}

  /** A saved card; its number is with the provider alone. */
  record Card(String id, String customer, String brand, String last4, LocalDate expiresOn) {}

  static void store(Handle handle, Card card) {
    handle
        .createUpdate(
            """
            INSERT INTO dunning_card AS c (method_id, customer_id, brand, last4, expires_on)
            VALUES (:id, :customer, :brand, :last4, :expires)
            ON CONFLICT (method_id) DO UPDATE SET expires_on = excluded.expires_on,
              noticed = c.noticed AND c.expires_on = excluded.expires_on
            """)
        .bind("id", card.id())
        .bind("customer", card.customer())
        .bind("brand", card.brand())
        .bind("last4", card.last4())
        .bind("expires", card.expiresOn())
        .execute();
  }

  static void remove(Handle handle, String id) {
    handle.createUpdate("DELETE FROM dunning_card WHERE method_id = :id").bind("id", id).execute();
  }

  /** Those of one customer or of all that expire up to a day, and nobody has heard of it. */
  static List<Card> expiring(Handle handle, @Nullable String customer, LocalDate upTo, int most) {
    return handle
        .createQuery(
            """
            SELECT method_id, customer_id, brand, last4, expires_on FROM dunning_card
            WHERE NOT noticed AND expires_on <= :upTo
              AND (:customer::text IS NULL OR customer_id = :customer)
            ORDER BY expires_on, method_id LIMIT :most
            """)
        .bind("customer", customer)
        .bind("upTo", upTo)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new Card(
                        row.text("method_id"),
                        row.text("customer_id"),
                        row.text("brand"),
                        row.text("last4"),
                        LocalDate.parse(row.text("expires_on")))))
        .list();
  }

  /** False if somebody has heard of it. */
  static boolean noticed(Handle handle, String id) {
    return handle
            .createUpdate(
                "UPDATE dunning_card SET noticed = true WHERE method_id = :id AND NOT noticed")
            .bind("id", id)
            .execute()
        > 0;
  }
}
