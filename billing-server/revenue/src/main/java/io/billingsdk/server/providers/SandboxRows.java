package io.billingsdk.server.providers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The books of the sandbox, each change in a transaction of its own, as at a provider. */
final class SandboxRows {
  private static final String INSERT =
      """
      INSERT INTO sandbox_object (reference, key, customer, body, created_at)
      VALUES (:reference, :key, :customer, CAST(:body AS jsonb), :at)
      ON CONFLICT (key) DO NOTHING
      """;

  private static final String SELECT = "SELECT reference, body::text AS body FROM sandbox_object ";

  private final Database database;

  SandboxRows(Database database) {
    this.database = database;
  }

  /** An object. */
  record SandboxRow(String reference, String body) {}

  /** Adds one; the one that has its key already, if there is one. */
  Optional<SandboxRow> add(String reference, String key, String customer, byte[] body, Instant at) {
    return database.inTransaction(
        handle -> {
          int added =
              handle
                  .createUpdate(INSERT)
                  .bind("reference", reference)
                  .bind("key", key)
                  .bind("customer", customer)
                  .bind("body", new String(body, UTF_8))
                  .bind("at", at)
                  .execute();
          return added > 0
              ? Optional.<SandboxRow>empty()
              : handle
                  .createQuery(SELECT + "WHERE key = :key")
                  .bind("key", key)
                  .map(ResultRow.to(SandboxRows::row))
                  .findFirst();
        });
  }

  Optional<SandboxRow> find(String reference) {
    return database.read(
        handle ->
            handle
                .createQuery(SELECT + "WHERE reference = :reference")
                .bind("reference", reference)
                .map(ResultRow.to(SandboxRows::row))
                .findFirst());
  }

  List<SandboxRow> since(String customer, Instant from) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    SELECT
                        + "WHERE customer = :customer AND created_at >= :from ORDER BY created_at,"
                        + " reference")
                .bind("customer", customer)
                .bind("from", from)
                .map(ResultRow.to(SandboxRows::row))
                .list());
  }

  private static SandboxRow row(ResultRow row) {
    return new SandboxRow(row.text("reference"), row.text("body"));
  }
}
