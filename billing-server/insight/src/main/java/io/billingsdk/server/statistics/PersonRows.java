package io.billingsdk.server.statistics;

import io.billingsdk.server.db.ResultRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;

/** Persons, and which guest is which user, in their tables. */
final class PersonRows {
  private static final String ADD =
      """
      INSERT INTO statistics_person (person, kind, created_at, expires_at)
      VALUES (:person, :kind, :created, :expires)
      """;

  private static final String ADD_USER =
      """
      INSERT INTO statistics_person (person, kind, user_hash, created_at)
      VALUES (:person, 'user', :hash, :created)
      ON CONFLICT (user_hash) DO NOTHING
      """;

  private static final String PERSON =
      "SELECT person, kind, created_at, expires_at FROM statistics_person"
          + " WHERE erased_at IS NULL AND ";

  private static final String KNOWN =
      "SELECT person FROM statistics_person WHERE person = ANY(:people::uuid[])";

  private static final String LOCK =
      """
      SELECT person FROM statistics_person WHERE person = ANY(:people::uuid[])
      ORDER BY person FOR NO KEY UPDATE
      """;

  private static final String GUESTS =
      "SELECT guest FROM statistics_link WHERE user_person = :user ORDER BY guest";

  private static final String LINK =
      """
      INSERT INTO statistics_link (guest, user_person) VALUES (:guest, :user)
      ON CONFLICT (guest) DO NOTHING
      """;

  private static final String LINKED_TO =
      "SELECT user_person FROM statistics_link WHERE guest = :guest";

  private static final String UNLINK =
      "DELETE FROM statistics_link WHERE guest = :guest AND user_person = :user";

  private static final String ERASE =
      """
      UPDATE statistics_person SET user_hash = NULL, erased_at = :now
      WHERE person = :person AND erased_at IS NULL
      """;

  private static final String FORGET_LINKS =
      "DELETE FROM statistics_link WHERE user_person = :user";

  private static final String FORGET_UNUSED =
      """
      DELETE FROM statistics_person WHERE person IN (
        SELECT p.person FROM statistics_person p
        WHERE p.expires_at < :before
          AND NOT EXISTS (SELECT FROM statistics_total t WHERE t.person = p.person)
          AND NOT EXISTS (SELECT FROM statistics_link l WHERE l.guest = p.person)
        ORDER BY p.expires_at LIMIT 10000)
      """;

  private static final String COUNTS =
      """
      SELECT kind, count(*) AS people FROM statistics_person
      WHERE erased_at IS NULL GROUP BY kind
      """;

  private PersonRows() {}

  static Argument ids(Collection<UUID> people) {
    Object[] texts = people.stream().map(UUID::toString).toArray();
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf("text", texts));
  }

  /** Adds a session or a guest. */
  static void add(Handle handle, Person person) {
    handle
        .createUpdate(ADD)
        .bind("person", person.id())
        .bind("kind", person.kind().text())
        .bind("created", person.createdAt())
        .bind("expires", person.expiresAt())
        .execute();
  }

  /** The user with a hash, who is there from now on. */
  static Person user(Handle handle, byte[] hash, Instant now) {
    handle
        .createUpdate(ADD_USER)
        .bind("person", UUID.randomUUID())
        .bind("hash", hash)
        .bind("created", now)
        .execute();
    return byHash(handle, hash)
        .orElseThrow(() -> new IllegalStateException("a user was erased just now"));
  }

  static Optional<Person> byHash(Handle handle, byte[] hash) {
    return handle
        .createQuery(PERSON + "user_hash = :hash")
        .bind("hash", hash)
        .map(ResultRow.to(PersonRows::person))
        .findFirst();
  }

  /** One who is there and was not erased. */
  static Optional<Person> byId(Handle handle, UUID person) {
    return handle
        .createQuery(PERSON + "person = :person")
        .bind("person", person)
        .map(ResultRow.to(PersonRows::person))
        .findFirst();
  }

  private static Person person(ResultRow row) {
    String kind = row.text("kind");
    return new Person(
        row.uuid("person"),
        PersonKind.of(kind).orElseThrow(() -> new IllegalStateException("no kind: " + kind)),
        row.time("created_at"),
        row.timeOrNull("expires_at"));
  }

  /** Those of some ids who are there, erased or not: what an erased one used stays counted. */
  static Set<UUID> known(Handle handle, Collection<UUID> people) {
    return Set.copyOf(
        handle
            .createQuery(KNOWN)
            .bind("people", ids(people))
            .map(ResultRow.to(row -> row.uuid("person")))
            .list());
  }

  /** Keeps others from admitting uses of these people, or linking them, until the end. */
  static void lock(Handle handle, Collection<UUID> people) {
    List<UUID> unused =
        handle
            .createQuery(LOCK)
            .bind("people", ids(people))
            .map(ResultRow.to(row -> row.uuid("person")))
            .list();
  }

  /** The guests who are a user. */
  static List<UUID> guests(Handle handle, UUID user) {
    return handle
        .createQuery(GUESTS)
        .bind("user", user)
        .map(ResultRow.to(row -> row.uuid("guest")))
        .list();
  }

  /** A person and who else is the same: their use is added up. */
  static List<UUID> union(Handle handle, Person person) {
    return person.kind() == PersonKind.USER
        ? withGuests(handle, person.id())
        : List.of(person.id());
  }

  /** A user, and then the guests who are that user. */
  static List<UUID> withGuests(Handle handle, UUID user) {
    List<UUID> all = new ArrayList<>();
    all.add(user);
    all.addAll(guests(handle, user));
    return all;
  }

  /** Whom a guest has logged in as. */
  static Optional<UUID> linkedTo(Handle handle, UUID guest) {
    return handle
        .createQuery(LINKED_TO)
        .bind("guest", guest)
        .map(ResultRow.to(row -> row.uuid("user_person")))
        .findFirst();
  }

  /** Says that a guest is a user, both of them locked; returns whose guest it is then. */
  static Optional<UUID> link(Handle handle, UUID guest, UUID user) {
    handle.createUpdate(LINK).bind("guest", guest).bind("user", user).execute();
    return linkedTo(handle, guest);
  }

  /** Takes it back, both of them locked; without a link there is nothing to do. */
  static void unlink(Handle handle, UUID guest, UUID user) {
    handle.createUpdate(UNLINK).bind("guest", guest).bind("user", user).execute();
  }

  /** Forgets who a person is: what they used stays, and is nobody's. */
  static void erase(Handle handle, UUID person, Instant now) {
    lock(handle, List.of(person));
    handle.createUpdate(FORGET_LINKS).bind("user", person).execute();
    handle.createUpdate(ERASE).bind("person", person).bind("now", now).execute();
  }

  /** Forgets sessions and guests who ended before a time and never used anything. */
  static void forgetUnused(Handle handle, Instant before) {
    handle.createUpdate(FORGET_UNUSED).bind("before", before).execute();
  }

  /** How many there are of each kind. */
  static Map<PersonKind, Long> counts(Handle handle) {
    Map<PersonKind, Long> counts = new EnumMap<>(PersonKind.class);
    handle
        .createQuery(COUNTS)
        .map(ResultRow.to(row -> Map.entry(row.text("kind"), row.number("people"))))
        .list()
        .forEach(
            each ->
                PersonKind.of(each.getKey()).ifPresent(kind -> counts.put(kind, each.getValue())));
    return counts;
  }
}
