package io.billingsdk.server.customers;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of settings of customers and sellers, with all that were before them. */
final class SettingsRows {
  private static final String SELECT =
      """
      SELECT revision, content::text AS content, actor, recorded_at FROM billing_settings
      WHERE owner = :owner ORDER BY revision DESC LIMIT :most
      """;

  private static final String INSERT =
      """
      INSERT INTO billing_settings (owner, revision, content, actor)
      VALUES (:owner, :revision, :content::jsonb, :actor)
      """;

  private SettingsRows() {}

  static String ofCustomer(String id) {
    return "customer/" + id;
  }

  static String ofSeller(String id) {
    return "seller/" + id;
  }

  /** Settings as a row has them. */
  record StoredSettings(int revision, String content, String actor, Instant recordedAt) {}

  static Optional<StoredSettings> latest(Handle handle, String owner) {
    return history(handle, owner, 1).stream().findFirst();
  }

  /** The latest first. */
  static List<StoredSettings> history(Handle handle, String owner, int most) {
    return handle
        .createQuery(SELECT)
        .bind("owner", owner)
        .bind("most", most)
        .map(
            ResultRow.to(
                row ->
                    new StoredSettings(
                        row.integer("revision"),
                        row.text("content"),
                        row.text("actor"),
                        row.time("recorded_at"))))
        .list();
  }

  /** The sellers whose settings in force have an account at a bank, by their ids. */
  static List<String> sellersPaidTo(Handle handle, String iban) {
    return handle
        .createQuery(
            """
            SELECT substr(owner, 8) AS seller FROM billing_settings AS s
            WHERE owner LIKE 'seller/%' AND content->'bank'->>'iban' = :iban
              AND NOT EXISTS (SELECT 1 FROM billing_settings AS n
                WHERE n.owner = s.owner AND n.revision > s.revision)
            ORDER BY owner
            """)
        .bind("iban", iban)
        .map(ResultRow.to(row -> row.text("seller")))
        .list();
  }

  /** Adds a revision; the caller has locked the owner. */
  static void add(Handle handle, String owner, int revision, String content, String actor) {
    handle
        .createUpdate(INSERT)
        .bind("owner", owner)
        .bind("revision", revision)
        .bind("content", content)
        .bind("actor", actor)
        .execute();
  }
}
