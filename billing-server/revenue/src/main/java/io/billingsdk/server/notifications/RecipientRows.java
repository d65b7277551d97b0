package io.billingsdk.server.notifications;

import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.SqlArrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The rows of addresses. */
final class RecipientRows {
  private static final String SELECT =
      """
      SELECT recipient_id, customer, address, kinds, muted, locale, created_at FROM mail_recipient
      WHERE state = 'enabled'
      """;

  /** Kinds that a reader has ended stay ended when others remove the address and add it again. */
  private static final String INSERT =
      """
      INSERT INTO mail_recipient (recipient_id, customer, address, kinds, muted, locale, created_at)
      VALUES (:id, :customer, :address, :kinds,
        coalesce((
          SELECT array_agg(DISTINCT ended.kind)
          FROM mail_recipient AS r CROSS JOIN LATERAL unnest(r.muted) AS ended (kind)
          WHERE r.customer = :customer AND r.address_hash = sha256(convert_to(
            CAST(:customer AS text) || ' ' || lower(CAST(:address AS text)), 'UTF8'))), '{}'),
        :locale, :now)
      ON CONFLICT DO NOTHING
      """;

  private static final String UPDATE =
      """
      UPDATE mail_recipient SET kinds = :kinds, muted = :muted, locale = :locale
      WHERE recipient_id = :id
      """;

  private static final String REMOVE =
      """
      UPDATE mail_recipient SET state = 'removed', address = '',
        address_hash = CASE WHEN muted <> '{}'
          THEN sha256(convert_to(customer || ' ' || lower(address), 'UTF8')) END
      WHERE recipient_id = :id
      """;

  private RecipientRows() {}

  /** False when the customer has the address already. */
  static boolean insert(Handle handle, MailRecipient made) {
    return handle
            .createUpdate(INSERT)
            .bind("id", made.id())
            .bind("customer", made.customer())
            .bind("address", made.address())
            .bind("kinds", SqlArrays.texts(made.kinds()))
            .bind("locale", made.locale())
            .bind("now", made.createdAt())
            .execute()
        == 1;
  }

  static void update(Handle handle, MailRecipient changed) {
    handle
        .createUpdate(UPDATE)
        .bind("id", changed.id())
        .bind("kinds", SqlArrays.texts(changed.kinds()))
        .bind("muted", SqlArrays.texts(changed.muted()))
        .bind("locale", changed.locale())
        .execute();
  }

  static void remove(Handle handle, UUID id) {
    handle.createUpdate(REMOVE).bind("id", id).execute();
  }

  static Optional<MailRecipient> lock(Handle handle, UUID id) {
    return handle
        .createQuery(SELECT + "AND recipient_id = :id FOR UPDATE")
        .bind("id", id)
        .map(ResultRow.to(RecipientRows::recipient))
        .findFirst();
  }

  static List<MailRecipient> of(Handle handle, String customer) {
    return handle
        .createQuery(SELECT + "AND customer = :customer ORDER BY lower(address)")
        .bind("customer", customer)
        .map(ResultRow.to(RecipientRows::recipient))
        .list();
  }

  private static MailRecipient recipient(ResultRow row) {
    return new MailRecipient(
        row.uuid("recipient_id"),
        row.text("customer"),
        row.text("address"),
        row.texts("kinds"),
        row.texts("muted"),
        row.textOrNull("locale"),
        row.time("created_at"));
  }
}
