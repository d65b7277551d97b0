package io.billingsdk.server.seals;

import io.billingsdk.seal.DaySeal;
import io.billingsdk.server.db.ResultRow;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of seals. For one transaction. */
final class SealRows {
  private static final String ALL =
      "SELECT day::text AS day, cut_no, rows, digest_before, digest, signature, key_id, sealed_at"
          + " FROM ledger_seal ";

  private static final String ADD =
      """
      INSERT INTO ledger_seal (day, cut_no, rows, digest_before, digest, signature, key_id)
      VALUES (:day, :cut, :rows, :before, :digest, :signature, :key)
      """;

  private SealRows() {}

  /** The first day that is sealed. */
  static LocalDate start(Handle handle) {
    return handle
        .createQuery("SELECT day::text AS day FROM ledger_seal_start")
        .map(ResultRow.to(row -> LocalDate.parse(row.text("day"))))
        .one();
  }

  /** The last one; empty when no day is sealed. */
  static Optional<StoredSeal> last(Handle handle) {
    return handle
        .createQuery(ALL + "ORDER BY day DESC LIMIT 1")
        .map(ResultRow.to(SealRows::stored))
        .findOne();
  }

  /** The last one before a day. */
  static Optional<StoredSeal> before(Handle handle, LocalDate day) {
    return handle
        .createQuery(ALL + "WHERE day < :day ORDER BY day DESC LIMIT 1")
        .bind("day", day)
        .map(ResultRow.to(SealRows::stored))
        .findOne();
  }

  /** Those from a day to another one, both included, in their order; so many at most. */
  static List<StoredSeal> between(Handle handle, LocalDate from, LocalDate to, int most) {
    return handle
        .createQuery(ALL + "WHERE day >= :from AND day <= :to ORDER BY day LIMIT :most")
        .bind("from", from)
        .bind("to", to)
        .bind("most", most)
        .map(ResultRow.to(SealRows::stored))
        .list();
  }

  static void add(Handle handle, DaySeal seal, long cut, String keyId) {
    handle
        .createUpdate(ADD)
        .bind("day", seal.day())
        .bind("cut", cut)
        .bind("rows", seal.rows())
        .bind("before", seal.before())
        .bind("digest", seal.digest())
        .bind("signature", seal.signature())
        .bind("key", keyId)
        .execute();
  }

  private static StoredSeal stored(ResultRow row) {
    DaySeal seal =
        new DaySeal(
            LocalDate.parse(row.text("day")),
            row.text("digest_before"),
            row.number("rows"),
            row.text("digest"),
            row.text("signature"));
    return new StoredSeal(seal, row.number("cut_no"), row.text("key_id"), row.time("sealed_at"));
  }
}
