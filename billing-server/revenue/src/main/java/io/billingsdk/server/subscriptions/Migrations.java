package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.AuditLog;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.MigrationRows.Migration;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Outcome.Change;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Gives subscriptions of a plan another version of it, one after the other in the order of their
 * ids. Each is changed in one transaction with the place of the migration, so that none is changed
 * twice and none is left out, whenever the server stops. Thread-safe.
 */
final class Migrations {
  private static final int PAGE = 200;
  private static final UUID FIRST = new UUID(0, 0);

  private final Database database;
  private final Actor actor;
  private final Surroundings surroundings;
  private final ChangeNotices notices;

  Migrations(Database database, Actor actor, Surroundings surroundings, ChangeNotices notices) {
    this.database = database;
    this.actor = actor;
    this.surroundings = surroundings;
    this.notices = notices;
  }

  /**
   * What a migration would do.
   *
   * @param subscriptions how many it would look at
   * @param refused how many it could not change, by the name of the refusal
   * @param lines the sum of the amounts that it would bring at once
   * @param perPeriod the sum of the differences of the fixed prices of a period
   */
  record Forecast(long subscriptions, Map<String, Long> refused, Money lines, Money perPeriod) {}

  /** Reckons what a migration would do; nothing is stored. */
  Forecast preview(MigrationTerms terms) {
    return database.read(handle -> forecast(handle, terms));
  }

  /** Begins a migration; a job carries it out. */
  Migration start(MigrationTerms terms) {
    return database.inTransaction(
        handle -> {
          requireVersion(handle, terms);
          UUID id = UUID.randomUUID();
          MigrationRows.insert(handle, id, terms, actor.name());
          AuditLog.write(
              handle, actor, "subscription.migration", id.toString(), null, shown(terms));
          return require(handle, id);
        });
  }

  /** A migration; refuses an id that there is not. */
  Migration require(UUID id) {
    return database.read(handle -> require(handle, id));
  }

  /**
   * Goes on with all migrations that are not finished.
   *
   * @param most how many subscriptions at most
   * @return how many subscriptions it looked at
   */
  int goOn(int most) {
    int done = 0;
    for (Migration migration : database.read(MigrationRows::unfinished)) {
      done += goOn(migration, most - done);
    }
    return done;
  }

  private int goOn(Migration migration, int most) {
    int done = 0;
    @Nullable UUID place = migration.upTo();
    while (done < most) {
      List<UUID> ids = next(migration.terms(), place, Math.min(PAGE, most - done));
      if (ids.isEmpty()) {
        database.useTransaction(handle -> MigrationRows.finish(handle, migration.id()));
        return done;
      }
      for (UUID id : ids) {
        migrate(migration, place, id);
        place = id;
        done++;
      }
    }
    return done;
  }

  private List<UUID> next(MigrationTerms terms, @Nullable UUID place, int most) {
    return database.read(
        handle -> SubscriptionRows.ofVersion(handle, terms, place == null ? FIRST : place, most));
  }

  private void migrate(Migration migration, @Nullable UUID place, UUID id) {
    database.useTransaction(
        handle -> {
          // First: a server that stood still and goes on finds that the place has moved.
          Subscriptions service = subscriptions(handle, new Actor(migration.actor()));
          Course course = course(handle, service, id, migration.terms());
          // It may have another version since it was listed.
          boolean isMigrated = course.refusal() == null && migration.terms().isFor(course);
          if (!MigrationRows.advance(handle, migration.id(), place, id, isMigrated)) {
            throw RequestRefusedException.conflict(
                "migration", "another server goes on with this migration");
          }
          if (isMigrated) {
            service.store(handle, course);
          }
        });
  }

  private Forecast forecast(Handle handle, MigrationTerms terms) {
    PlanVersion to = requireVersion(handle, terms);
    Subscriptions service = subscriptions(handle, actor);
    Money lines = Money.zero(to.currency());
    Money perPeriod = Money.zero(to.currency());
    Map<String, Long> refused = new TreeMap<>();
    long count = 0;
    UUID after = FIRST;
    for (List<UUID> ids = SubscriptionRows.ofVersion(handle, terms, after, PAGE);
        !ids.isEmpty();
        ids = SubscriptionRows.ofVersion(handle, terms, after, PAGE)) {
      for (UUID id : ids) {
        Course course = course(handle, service, id, terms);
        Refusal refusal = course.refusal();
        count++;
        if (refusal != null) {
          refused.merge(refusal.text(), 1L, Long::sum);
          continue;
        }
        Change last = course.steps().get(course.steps().size() - 1).change();
        for (SubscriptionLine line : last.lines()) {
          lines = lines.plus(line.amount());
        }
        perPeriod = perPeriod.plus(difference(course, to));
      }
      after = ids.get(ids.size() - 1);
    }
    return new Forecast(count, refused, lines, perPeriod);
  }

  private static Money difference(Course course, PlanVersion to) {
    Subscription old = course.old();
    return old == null
        ? Money.zero(to.currency())
        : Prices.ofPeriod(to).minus(Prices.ofPeriod(old.plan()));
  }

  private static Course course(
      Handle handle, Subscriptions service, UUID id, MigrationTerms terms) {
    return service.considered(
        handle,
        service.require(handle, id),
        new Alter(
            Order.OrderKind.MIGRATE,
            terms.plan(),
            terms.toVersion(),
            terms.timing(),
            null,
            null,
            null));
  }

  private PlanVersion requireVersion(Handle handle, MigrationTerms terms) {
    return surroundings.version(database.within(handle), terms.plan(), terms.toVersion());
  }

  private static Migration require(Handle handle, UUID id) {
    return MigrationRows.one(handle, id)
        .orElseThrow(
            () -> RequestRefusedException.notFound("migration", "there is no migration " + id));
  }

  private Subscriptions subscriptions(Handle handle, Actor by) {
    return new Subscriptions(database.within(handle), by, surroundings, notices);
  }

  private static Map<String, @Nullable Object> shown(MigrationTerms terms) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("plan", terms.plan());
    shown.put("fromVersion", terms.fromVersion());
    shown.put("toVersion", terms.toVersion());
    shown.put("timing", terms.timing().name());
    return shown;
  }
}
