package io.billingsdk.server.statistics;

import io.billingsdk.costs.LocalDays;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.statistics.FactRows.StoredFact;
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
     * @param near the names of limits that are used to 80 % or more with it
     */
    record Yes(Instant at, List<String> near) implements Admitted {
      /** Copies the names. */
      public Yes {
        near = List.copyOf(near);
      }
    }

    /** It is counted already. */
    record Before() implements Admitted {}

    /** Another use with this name is counted. */
    record Other() implements Admitted {}

    /** The person was erased meanwhile. */
    record Erased() implements Admitted {}

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
    Standing standing = Standing.locked(handle, person);
    if (PersonRows.byId(handle, person.id()).isEmpty()) {
      return new Admitted.Erased();
    }
    Optional<StoredFact> before = FactRows.ofRecord(handle, person.id(), record);
    if (before.isPresent()) {
      return isSame(before.get(), profile, fact) ? new Admitted.Before() : new Admitted.Other();
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Tally added = fact.counted(profile, fact.usage(profile), now);
    List<LimitSpec> limits =
        profile.limits().stream()
            .filter(each -> added.cells().containsKey(new Name(each.counter(), "")))
            .toList();
    List<LimitState> states = states(handle, standing, profile, limits, new Asked(now, record));
    Optional<LimitState> reached = states.stream().filter(each -> !each.isWithin()).findFirst();
    if (reached.isPresent()) {
      return new Admitted.No(reached.get());
    }
    if (!states.isEmpty()) {
      Map<String, BigDecimal> amounts = new TreeMap<>();
      states.forEach(
          each -> amounts.put(each.spec().counter(), added.amount(each.spec().counter())));
      LimitRows.reserve(
          handle,
          new Reservation(record, person.id(), profile.name(), now, now.plus(EXPIRY)),
          amounts);
    }
    return new Admitted.Yes(now, near(handle, standing, profile, states, added, now));
  }

  private static boolean isSame(StoredFact stored, UsageProfile profile, UsageFact fact) {
    return stored.type().equals(fact.type())
        && stored.fields().equals(fact.kept(profile).toString())
        && stored.amount().compareTo(fact.usage(profile)) == 0;
  }

  /** Whether the use of a record is counted, and is this one. */
  boolean isCounted(
      Database database, Person person, UsageProfile profile, UsageFact fact, String record) {
    return database
        .read(handle -> FactRows.ofRecord(handle, person.id(), record))
        .filter(stored -> isSame(stored, profile, fact))
        .isPresent();
  }

  private static List<String> near(
      Handle handle,
      Standing standing,
      UsageProfile profile,
      List<LimitState> states,
      Tally added,
      Instant now) {
    UUID listener = standing.listener();
    List<String> near = new ArrayList<>();
    for (LimitState each : states) {
      LimitState with = each.plus(added.amount(each.spec().counter()));
      if (with.isNear()) {
        near.add(each.spec().name());
        if (listener != null) {
          Instant starts = each.spec().daily() ? today(profile, now).from() : Instant.EPOCH;
          LimitNotices.near(handle, listener, profile, with, starts);
        }
      }
    }
    return near;
  }

  /** How near a person is to each limit of a profile. */
  List<LimitState> limits(Handle handle, Person person, UsageProfile profile) {
    Standing standing = Standing.of(handle, person);
    return states(handle, standing, profile, profile.limits(), new Asked(clock.instant(), ""));
  }

  /**
   * When somebody asks.
   *
   * @param record for which use; empty for none
   */
  private record Asked(Instant now, String record) {}

  /** Of a guest who has logged in, whichever is nearer: that of the guest, or that of the user. */
  private static List<LimitState> states(
      Handle handle, Standing standing, UsageProfile profile, List<LimitSpec> limits, Asked asked) {
    PersonKind kind = standing.person().kind();
    List<LimitState> own = states(handle, standing.own(), kind, profile, limits, asked);
    if (standing.user() == null) {
      return own;
    }
    Map<String, LimitState> ofUser = new TreeMap<>();
    states(handle, standing.ofUser(), PersonKind.USER, profile, limits, asked)
        .forEach(each -> ofUser.put(each.spec().name(), each));
    return own.stream()
        .map(
            each -> {
              LimitState user = ofUser.getOrDefault(each.spec().name(), each);
              return user.left().compareTo(each.left()) < 0 ? user : each;
            })
        .toList();
  }

  private static List<LimitState> states(
      Handle handle,
      Collection<UUID> people,
      PersonKind kind,
      UsageProfile profile,
      List<LimitSpec> all,
      Asked asked) {
    List<LimitSpec> limits = all.stream().filter(each -> each.most().containsKey(kind)).toList();
    if (limits.isEmpty()) {
      return List.of();
    }
    LocalDays.Range today = today(profile, asked.now());
    Map<String, BigDecimal> used =
        LimitRows.used(
            handle,
            people,
            profile,
            limits,
            new LimitRows.Moment(today, asked.now()),
            asked.record());
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
