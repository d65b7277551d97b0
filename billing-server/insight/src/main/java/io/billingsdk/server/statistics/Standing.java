package io.billingsdk.server.statistics;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * By whose use a person is judged. A guest who has logged in has two limits: the one of a guest, of
 * the guest's use, and that of the user, of what both used. So neither a login nor the token from
 * before it is a second quota. Immutable.
 *
 * @param own the person, and of a user the guests who are that user
 * @param user whom a guest has logged in as; null of others
 * @param ofUser the user and all their guests; empty where there is no such user
 */
record Standing(Person person, List<UUID> own, @Nullable UUID user, List<UUID> ofUser) {
  /** Copies the lists. */
  Standing {
    own = List.copyOf(own);
    ofUser = List.copyOf(ofUser);
  }

  private static Standing alone(Handle handle, Person person) {
    return new Standing(person, PersonRows.union(handle, person), null, List.of());
  }

  private static Standing linked(Person guest, UUID user, List<UUID> ofUser) {
    return new Standing(guest, List.of(guest.id()), user, ofUser);
  }

  /** As it is just now. */
  static Standing of(Handle handle, Person person) {
    Optional<UUID> user = user(handle, person);
    return user.isEmpty()
        ? alone(handle, person)
        : linked(person, user.get(), PersonRows.withGuests(handle, user.get()));
  }

  /**
   * The same, with everybody in it locked: a user first, then the guests. A guest who logs in or
   * out at this moment is judged alone.
   */
  static Standing locked(Handle handle, Person person) {
    Optional<UUID> user = user(handle, person);
    PersonRows.lock(handle, List.of(user.orElse(person.id())));
    if (user.isPresent()) {
      // Only now: who links a guest holds the lock of the user.
      List<UUID> all = PersonRows.withGuests(handle, user.get());
      PersonRows.lock(handle, all.subList(1, all.size()));
      if (all.contains(person.id())) {
        return linked(person, user.get(), all);
      }
      PersonRows.lock(handle, List.of(person.id()));
      return new Standing(person, List.of(person.id()), null, List.of());
    }
    Standing alone = alone(handle, person);
    if (alone.own().size() > 1) {
      PersonRows.lock(handle, alone.own().subList(1, alone.own().size()));
    }
    return alone;
  }

  private static Optional<UUID> user(Handle handle, Person person) {
    return person.kind() == PersonKind.GUEST
        ? PersonRows.linkedTo(handle, person.id())
        : Optional.empty();
  }

  /** Who hears that a limit is near: a user, who is known to somebody; null of others. */
  @Nullable UUID listener() {
    return person.kind() == PersonKind.USER ? person.id() : user;
  }
}
