package io.billingsdk.server.privacy;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.privacy.PersonVault.SealedPerson;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of persons. For one transaction. */
final class PersonRows {
  private static final String FIND =
      """
      SELECT p.subject, p.identifier, k.key, p.registered_at
      FROM privacy_person p JOIN privacy_key k USING (subject)
      """;

  private static final String ADD =
      """
      WITH person AS (
        INSERT INTO privacy_person (subject, lookup, identifier)
        VALUES (:subject, :lookup, :identifier)
        ON CONFLICT (lookup) DO NOTHING RETURNING subject
      )
      INSERT INTO privacy_key (subject, key) SELECT subject, :key FROM person
      """;

  private static final String FORGET = "DELETE FROM privacy_person WHERE subject = :subject";

  private static final String ERASED =
      "INSERT INTO privacy_erasure (subject, reason, actor) VALUES (:subject, :reason, :actor)"
          + " RETURNING erased_at";

  private PersonRows() {}

  /** A person who is known. */
  record StoredPerson(SealedPerson sealed, Instant registered) {
    String subject() {
      return sealed.subject();
    }
  }

  static Optional<StoredPerson> byLookup(Handle handle, byte[] lookup) {
    return handle
        .createQuery(FIND + "WHERE p.lookup = :lookup")
        .bind("lookup", lookup)
        .map(ResultRow.to(PersonRows::stored))
        .findOne();
  }

  static Optional<StoredPerson> bySubject(Handle handle, String subject) {
    return handle
        .createQuery(FIND + "WHERE p.subject = :subject")
        .bind("subject", subject)
        .map(ResultRow.to(PersonRows::stored))
        .findOne();
  }

  /** False if another transaction has added the person just now. */
  static boolean add(Handle handle, SealedPerson person, byte[] lookup) {
    return handle
            .createUpdate(ADD)
            .bind("subject", person.subject())
            .bind("lookup", lookup)
            .bind("identifier", person.identifier())
            .bind("key", person.key())
            .execute()
        == 1;
  }

  /** The key goes with the person. */
  static Instant erase(Handle handle, String subject, String reason, Actor actor) {
    handle.createUpdate(FORGET).bind("subject", subject).execute();
    return handle
        .createQuery(ERASED)
        .bind("subject", subject)
        .bind("reason", reason)
        .bind("actor", actor.name())
        .map(ResultRow.to(row -> row.time("erased_at")))
        .one();
  }

  static boolean isErased(Handle handle, String subject) {
    return handle
        .createQuery(
            "SELECT EXISTS (SELECT FROM privacy_erasure WHERE subject = :subject) AS is_it")
        .bind("subject", subject)
        .map(ResultRow.to(row -> row.flag("is_it")))
        .one();
  }

  private static StoredPerson stored(ResultRow row) {
    return new StoredPerson(
        new SealedPerson(row.text("subject"), row.bytes("identifier"), row.bytes("key")),
        row.time("registered_at"));
  }
}
