package io.billingsdk.server.statistics;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.statistics.LimitRows.Reservation;
import io.billingsdk.server.statistics.Tally.Name;
import io.billingsdk.server.statistics.UsageProfile.LimitSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Admits uses within limits. A use that is admitted takes its room at once, under the lock of its
 * person, and gives it back in the transaction that counts its event: however many come together,
 * on however many servers, no more are admitted than there is room for. Thread-safe.
 */
final class Uses {
  /**
   * After that, the room of a use whose event never came is free again. The server that admitted it
   * has either stored the event or stopped long before.
   */
  static final Duration EXPIRY = Duration.ofHours(1);

  private final InstantSource clock;

  Uses(InstantSource clock) {
    this.clock = clock;
  }

  /** What became of a use. */
  sealed interface Admitted {
    /**
     * It may be counted, at this time.
     *
     * @param near the names of limits of which 80 % or more are used with it
     */
    record Yes(Instant at, List<String> near) implements Admitted {
      /** Copies the names. */
      public Yes {
        near = List.copyOf(near);
      }
    }

    /** It is counted already. */
    record Before() implements Admitted {}

    /** A limit is reached. */
    record No(LimitState limit) implements Admitted {}
  }

  /**
   * Asks for room.
   *
   * @param record names the use; the same name is the same use
   */
  Admitted admit(
      Database database, Person person, UsageProfile profile, UsageFact fact, String record) {
    return database.inTransaction(handle -> admit(handle, person, profile, fact, record));
  }

  private Admitted admit(
      Handle handle, Person person, UsageProfile profile, UsageFact fact, String record) {
    List<UUID> people = PersonRows.lockedUnion(handle, person);
    if (FactRows.isCounted(handle, person.id(), record)) {
      return new Admitted.Before();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Tally added = fact.counted(profile, fact.usage(profile), now);
    List<LimitSpec> limits =
        profile.limits().stream()
            .filter(each -> added.cells().containsKey(new Name(each.counter(), "")))
            .filter(each -> each.most().containsKey(person.kind()))
            .toList();
    if (limits.isEmpty()) {
      return new Admitted.Yes(now, List.of());
    }
    List<LimitState> states = states(handle, people, person.kind(), profile, limits, now);
    Optional<LimitState> reached = states.stream().filter(each -> !each.isWithin()).findFirst();
    if (reached.isPresent()) {
      return new Admitted.No(reached.get());
    }
    Map<String, BigDecimal> amounts = new TreeMap<>();
    limits.forEach(each -> amounts.put(each.counter(), added.amount(each.counter())));
    LimitRows.reserve(
        handle,
        new Reservation(record, person.id(), profile.name(), now, now.plus(EXPIRY)),
        amounts);
    return new Admitted.Yes(now, near(states, added));
  }

  private static List<String> near(List<LimitState> states, Tally added) {
    return states.stream()
        .filter(each -> each.plus(added.amount(each.spec().counter())).isNear())
        .map(each -> each.spec().name())
        .toList();
  }

  /** How near a person is to each limit of a profile. */
  List<LimitState> limits(Handle handle, Person person, UsageProfile profile) {
    List<LimitSpec> limits =
        profile.limits().stream().filter(each -> each.most().containsKey(person.kind())).toList();
    Instant now = clock.instant();
    return states(handle, PersonRows.union(handle, person), person.kind(), profile, limits, now);
  }

  private static List<LimitState> states(
      Handle handle,
      Collection<UUID> people,
      PersonKind kind,
      UsageProfile profile,
      List<LimitSpec> limits,
      Instant now) {
    LocalDays.Range today = today(profile, now);
    Map<String, BigDecimal> used =
        LimitRows.used(handle, people, profile, limits, today.from(), now);
    List<LimitState> states = new ArrayList<>();
    for (LimitSpec each : limits) {
      @Nullable Instant resetsAt = each.daily() ? today.to() : null;
      states.add(
          new LimitState(
              each,
              used.getOrDefault(each.name(), BigDecimal.ZERO),
              each.most().getOrDefault(kind, BigDecimal.ZERO),
              resetsAt));
    }
    return states;
  }

  private static LocalDays.Range today(UsageProfile profile, Instant now) {
    LocalDays days = new LocalDays(profile.zone());
    return days.day(days.dayOf(now));
  }

  /** The event of a use will never come. */
  void release(Database database, String record) {
    database.useTransaction(handle -> LimitRows.release(handle, List.of(record)));
  }
}
