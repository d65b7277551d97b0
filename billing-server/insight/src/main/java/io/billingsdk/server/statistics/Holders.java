package io.billingsdk.server.statistics;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.ResultRow;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.http.Problem.ProblemException;
import io.billingsdk.server.statistics.HolderTokens.Claims;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a token of ours. A token is good until its time, until its key ends, and until its
 * person is erased, whichever comes first. Thread-safe.
 */
final class Holders {
  private static final Duration SESSION = Duration.ofHours(24);
  private static final Duration GUEST = Duration.ofDays(365);

  private static final String SIGNING =
      "SELECT max(key_no) AS key_no FROM statistics_key WHERE ends_at IS NULL";

  private static final String IS_GOOD =
      """
      SELECT EXISTS (SELECT FROM statistics_key
        WHERE key_no = :key AND (ends_at IS NULL OR ends_at > :now)) AS good
      """;

  // Always the same row, whatever key signs: who changes keys waits for each other.
  private static final String LOCK =
      "SELECT key_no FROM statistics_key WHERE key_no = 1 FOR UPDATE";

  private static final String NEXT =
      "INSERT INTO statistics_key (key_no) SELECT max(key_no) + 1 FROM statistics_key"
          + " RETURNING key_no";

  private static final String END =
      "UPDATE statistics_key SET ends_at = :ends WHERE key_no < :key AND ends_at IS NULL";

  private final Secrets secrets;
  private final InstantSource clock;
  private volatile @Nullable HolderTokens made;

  Holders(Secrets secrets, InstantSource clock) {
    this.secrets = secrets;
    this.clock = clock;
  }

  /** A person with a token. */
  record Issued(Person person, String token, Instant expiresAt) {}

  /** Made when it is first needed: a feature is constructed without any I/O. */
  private HolderTokens tokens() {
    HolderTokens tokens = made;
    if (tokens == null) {
      tokens = new HolderTokens(secrets.of("statistics"));
      made = tokens;
    }
    return tokens;
  }

  /** A new session or guest. */
  Issued create(Database database, PersonKind kind) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant expires = now.plus(kind == PersonKind.SESSION ? SESSION : GUEST);
    Person person = new Person(UUID.randomUUID(), kind, now, expires);
    return database.inTransaction(
        handle -> {
          PersonRows.add(handle, person);
          return issued(handle, person, expires);
        });
  }

  /** A token of a user, who is there from now on. */
  Issued ofUser(Handle handle, String userId, Duration time) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return issued(handle, PersonRows.user(handle, tokens().userHash(userId), now), now.plus(time));
  }

  private Issued issued(Handle handle, Person person, Instant expires) {
    int key = handle.createQuery(SIGNING).map(ResultRow.to(row -> row.integer("key_no"))).one();
    String token = tokens().sign(new Claims(person.kind(), key, person.id(), expires));
    return new Issued(person, token, expires);
  }

  /** The user of an application's name. */
  Optional<Person> user(Handle handle, String userId) {
    return PersonRows.byHash(handle, tokens().userHash(userId));
  }

  /**
   * Whose token it is.
   *
   * @param field by which it came
   * @throws ProblemException when it is not one of ours of this kind (403), or is no longer good
   *     (401)
   */
  Person require(Handle handle, String token, PersonKind kind, String field) {
    Claims claims =
        tokens()
            .read(token)
            .filter(each -> each.kind() == kind)
            .orElseThrow(
                () ->
                    refused(
                        403,
                        field,
                        "the token is not one that this server has given to a " + kind.text()));
    Instant now = clock.instant();
    if (!now.isBefore(claims.expiresAt()) || !isGood(handle, claims.keyNo(), now)) {
      throw refused(401, field, "the token has expired; ask for another one");
    }
    return PersonRows.byId(handle, claims.person())
        .orElseThrow(() -> refused(401, field, "the one whose token it was has been erased"));
  }

  /**
   * Whose token of any kind it is.
   *
   * @throws ProblemException as {@link #require} does
   */
  Person any(Handle handle, String token) {
    PersonKind kind = tokens().read(token).map(Claims::kind).orElse(PersonKind.SESSION);
    return require(handle, token, kind, "token");
  }

  private static boolean isGood(Handle handle, int key, Instant now) {
    return handle
        .createQuery(IS_GOOD)
        .bind("key", key)
        .bind("now", now)
        .map(ResultRow.to(row -> row.flag("good")))
        .one();
  }

  static ProblemException refused(int status, String field, String detail) {
    return new ProblemException(
        new Problem(
            status == 401 ? "/problems/unauthenticated" : "/problems/forbidden",
            status == 401 ? "A valid token is needed" : "The token does not allow this",
            status,
            detail,
            field,
            "a token of this server"));
  }

  /** Signs with a new key from now on; tokens of the ones before are good for a while. */
  int rotate(Handle handle, Duration overlap, Actor actor) {
    int unused = handle.createQuery(LOCK).map(ResultRow.to(row -> row.integer("key_no"))).one();
    int key = handle.createQuery(NEXT).map(ResultRow.to(row -> row.integer("key_no"))).one();
    Instant ends = clock.instant().plus(overlap).truncatedTo(ChronoUnit.MICROS);
    handle.createUpdate(END).bind("key", key).bind("ends", ends).execute();
    AuditLog.write(
        handle,
        actor,
        "statistics.key.rotate",
        Integer.toString(key),
        null,
        Map.of("oldEnds", ends.toString()));
    return key;
  }
}
