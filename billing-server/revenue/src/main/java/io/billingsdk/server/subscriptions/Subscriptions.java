package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingCalendar.RunningPeriod;
import io.billingsdk.rating.BillingPeriod;
import io.billingsdk.rating.PriceChange.Timing;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.subscriptions.Command.ChangeBillDay;
import io.billingsdk.server.subscriptions.Command.Migrate;
import io.billingsdk.server.subscriptions.Command.Plain;
import io.billingsdk.server.subscriptions.Command.Start;
import io.billingsdk.server.subscriptions.Command.Switch;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Order.Begin;
import io.billingsdk.server.subscriptions.SubscriptionRows.Filter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Which customer has which plan. A preview and an execution reckon the same {@link Course}; the one
 * shows it, the other stores it with its events, all of it or nothing.
 *
 * <p>A customer has at most one subscription that is not cancelled. Of two changes at the same time
 * one happens, and the other is refused. Thread-safe.
 */
public final class Subscriptions {
  /** The actor of what time brings. */
  static final String TIME = "time";

  private static final Duration BACK = Duration.ofHours(1);
  private static final Duration AHEAD = Duration.ofDays(5 * 366);

  private final Database database;
  private final Actor actor;
  private final Surroundings surroundings;
  private final ChangeNotices notices;

  /** What many readings share; null when each remembers for itself. */
  private final @Nullable KnownPlans shared;

  /**
   * In a database.
   *
   * @param actor who changes them
   * @param listeners learn in its transaction of each change of what a customer may use
   */
  public Subscriptions(Database database, Actor actor, List<EntitlementsListener> listeners) {
    this(database, actor, new CatalogSurroundings(), new ChangeNotices(listeners));
  }

  Subscriptions(Database database, Actor actor, Surroundings surroundings, ChangeNotices notices) {
    this(database, actor, surroundings, notices, null);
  }

  private Subscriptions(
      Database database,
      Actor actor,
      Surroundings surroundings,
      ChangeNotices notices,
      @Nullable KnownPlans shared) {
    this.database = database;
    this.actor = actor;
    this.surroundings = surroundings;
    this.notices = notices;
    this.shared = shared;
  }

  /** For readings that share what they know of plans. */
  public static Subscriptions sharing(Database database, Actor reader, KnownPlans plans) {
    return new Subscriptions(
        database, reader, new CatalogSurroundings(), new ChangeNotices(List.of()), plans);
  }

  /**
   * What a customer may use at a moment.
   *
   * @param customer the id of the customer
   */
  public CustomerAccess accessOf(String customer, Instant moment) {
    return latestAt(customer, moment)
        .map(subscription -> subscription.accessAt(moment))
        .orElseGet(CustomerAccess.Unmanaged::new);
  }

  /** The subscription that a customer has or had last at a moment; empty if there was none. */
  public Optional<Subscription> of(String customer, Instant moment) {
    return latestAt(customer, moment);
  }

  /**
   * The billing period of a customer that holds a moment; empty if the customer had no subscription
   * then.
   *
   * @param customer the id of the customer
   */
  public Optional<BillingPeriod> billingPeriod(String customer, Instant moment) {
    return latestAt(customer, moment).map(subscription -> subscription.periodAt(moment));
  }

  /** All subscriptions of a customer, the oldest first. */
  public List<Subscription> ofCustomer(String customer) {
    return database.read(handle -> SubscriptionRows.ofCustomer(handle, customer, plans(handle)));
  }

  /** A subscription; refuses an id that there is not. */
  public Subscription require(UUID id) {
    return database.read(handle -> require(handle, id));
  }

  /**
   * What happened to a subscription, in order.
   *
   * @param after the number of the event that they follow; 0 for the first
   * @param most so many at most
   */
  public List<SubscriptionEvent> events(UUID id, long after, int most) {
    return database.read(
        handle -> {
          Subscription present = require(handle, id);
          return SubscriptionRows.events(handle, present.id(), after, most);
        });
  }

  /** The same of one that the caller has read. */
  public List<SubscriptionEvent> events(Subscription present, long after, int most) {
    return database.read(handle -> SubscriptionRows.events(handle, present.id(), after, most));
  }

  /**
   * Subscriptions in the order of their ids.
   *
   * @param after the id that they follow
   * @param most so many at most
   */
  public List<Subscription> after(UUID after, int most) {
    return page(new Filter(null, null, null), after, most);
  }

  /**
   * Subscriptions that have some version of a plan, in the order of their ids.
   *
   * @param after the id that they follow
   * @param most so many at most
   */
  public List<Subscription> ofPlan(String plan, UUID after, int most) {
    return page(new Filter(null, null, plan), after, most);
  }

  /**
   * A subscription as its first events made it; refuses an id that there is not.
   *
   * @param revision how many events count, at least 1
   */
  public Subscription asOf(UUID id, long revision) {
    return database.read(
        handle -> {
          PlanBook plans = plans(handle);
          return History.replayed(
              SubscriptionRows.commands(handle, id, plans).stream().limit(revision).toList());
        });
  }

  /** All of a customer, the oldest first. */
  public List<Subscription> of(String customer) {
    return database.read(handle -> SubscriptionRows.ofCustomer(handle, customer, plans(handle)));
  }

  /** In the order of their ids. */
  List<Subscription> page(Filter filter, UUID after, int most) {
    return database.read(
        handle -> SubscriptionRows.page(handle, filter, after, most, plans(handle)));
  }

  /** What a start would do. */
  Course preview(Begin order) {
    return database.read(handle -> begun(handle, order, UUID.randomUUID(), /* isPreview= */ true));
  }

  /** What a change would do. */
  Course preview(UUID id, Alter order) {
    return database.read(
        handle -> altered(handle, require(handle, id), order, /* isPreview= */ true));
  }

  /** Starts a subscription. */
  Course start(Begin order) {
    return database.inTransaction(
        handle -> {
          Course course = begun(handle, order, UUID.randomUUID(), /* isPreview= */ false);
          store(handle, course);
          return course;
        });
  }

  /** Changes a subscription. */
  Course change(UUID id, Alter order) {
    return database.inTransaction(
        handle -> {
          Course course = altered(handle, require(handle, id), order, /* isPreview= */ false);
          store(handle, course);
          return course;
        });
  }

  /**
   * Lets happen what time has brought to a subscription.
   *
   * @return how many changes that were; there may be more if it is as many as one call lets happen
   */
  int catchUp(UUID id) {
    return database.inTransaction(
        handle -> {
          Subscription present = require(handle, id);
          Customer customer = customer(handle, present.customer());
          Course course =
              Course.ofTimeAlone(present, zones(handle, customer), now(handle, customer));
          if (!course.steps().isEmpty()) {
            store(handle, course);
          }
          return course.steps().size();
        });
  }

  /**
   * All that time has brought to the subscriptions of a customer, whose clock or zone may have
   * changed.
   */
  void catchUpOf(String customer) {
    List<UUID> ids =
        database.read(
            handle ->
                SubscriptionRows.ofCustomer(handle, customer, plans(handle)).stream()
                    .map(Subscription::id)
                    .toList());
    for (UUID id : ids) {
      while (catchUp(id) > 0) {
        // The next part: a clock may move over many periods.
      }
    }
  }

  /** The subscription that the events of its history make; the same as the stored one. */
  Subscription replayed(UUID id) {
    return database.read(
        handle -> History.replayed(SubscriptionRows.commands(handle, id, plans(handle))));
  }

  Subscription require(Handle handle, UUID id) {
    return SubscriptionRows.one(handle, id, plans(handle))
        .orElseThrow(
            () ->
                RequestRefusedException.notFound("subscription", "there is no subscription " + id));
  }

  private Course altered(Handle handle, Subscription present, Alter order, boolean isPreview) {
    requireRevision(present, order.revision());
    Course course = accepted(considered(handle, present, order, isPreview));
    if (order.kind() == Order.OrderKind.REACTIVATE) {
      SubscriptionRows.requireNoOther(handle, course.after().orElseThrow());
    }
    return course;
  }

  /** The course of a change now, which may be refused. */
  Course considered(Handle handle, Subscription present, Alter order) {
    return considered(handle, present, order, /* isPreview= */ false);
  }

  private Course considered(Handle handle, Subscription present, Alter order, boolean isPreview) {
    Customer customer = customer(handle, present.customer());
    Instant at = moment(handle, customer, order, isPreview);
    Command command = command(handle, present, order, at);
    return Course.of(present, zones(handle, customer), command, at);
  }

  /** Stores a course, and tells it to those who react to it. */
  void store(Handle handle, Course course) {
    SubscriptionRows.store(handle, course, actor.name());
    notices.send(handle, course, actor);
  }

  private Course begun(Handle handle, Begin order, UUID id, boolean isPreview) {
    Customer customer = customer(handle, order.customer());
    Instant at = moment(handle, customer, order, isPreview);
    PlanVersion plan = plan(handle, order.plan(), order.version(), at);
    ZoneHistory zones = zones(handle, customer);
    Start start =
        new Start(
            id,
            customer.id(),
            customer.currency(),
            zones.at(at),
            plan,
            order.anchor(),
            order.proration());
    Course course = accepted(Course.of(null, zones, start, at));
    SubscriptionRows.requireNoOther(handle, course.after().orElseThrow());
    return course;
  }

  private Command command(Handle handle, Subscription present, Alter order, Instant at) {
    return switch (order.kind()) {
      case SWITCH ->
          new Switch(
              plan(handle, Objects.requireNonNull(order.plan(), "plan"), order.version(), at),
              order.timing());
      case MIGRATE ->
          new Migrate(
              plan(
                  handle,
                  Objects.requireNonNullElse(order.plan(), present.plan().plan()),
                  order.version(),
                  at),
              order.timing());
      case CANCEL -> new Plain(order.timing() == Timing.NOW ? Act.CANCEL_NOW : Act.CANCEL_AT_END);
      case BILL_DAY ->
          new ChangeBillDay(
              Objects.requireNonNull(order.billDay(), "billDay"),
              order.timing() == Timing.NOW ? RunningPeriod.IS_CUT : RunningPeriod.STAYS);
      default -> new Plain(order.kind().act().orElseThrow());
    };
  }

  private static void requireRevision(Subscription present, @Nullable Long revision) {
    if (revision != null && revision != present.revision()) {
      throw RequestRefusedException.conflict(
          "revision",
          "it has revision " + present.revision() + " by now. Look at it and try again");
    }
  }

  private static Course accepted(Course course) {
    Refusal refusal = course.refusal();
    if (refusal != null) {
      throw refused(refusal);
    }
    return course;
  }

  static RequestRefusedException refused(Refusal refusal) {
    return RequestRefusedException.conflict(
        refusal.field(), refusal.text() + ": " + refusal.message());
  }

  private Instant moment(Handle handle, Customer customer, Order order, boolean isPreview) {
    // As finely as the database keeps it.
    Instant now = now(handle, customer);
    Instant asked = order.at();
    if (asked == null) {
      return now;
    }
    Instant first = now.minus(BACK);
    Instant last = isPreview ? now.plus(AHEAD) : now;
    if (asked.isBefore(first) || asked.isAfter(last)) {
      throw RequestRefusedException.invalid("at", "from " + first + " to " + last);
    }
    return asked.truncatedTo(ChronoUnit.MICROS);
  }

  private PlanVersion plan(Handle handle, String plan, @Nullable Integer version, Instant at) {
    return version == null
        ? surroundings.current(database.within(handle), plan, at)
        : surroundings.version(database.within(handle), plan, version);
  }

  private Customer customer(Handle handle, String customer) {
    return surroundings.customer(database.within(handle), customer);
  }

  private ZoneHistory zones(Handle handle, Customer customer) {
    return surroundings.zones(database.within(handle), customer);
  }

  private Instant now(Handle handle, Customer customer) {
    return surroundings.now(database.within(handle), customer).truncatedTo(ChronoUnit.MICROS);
  }

  /** Remembers what it was asked for: a page has few plans and many subscriptions. */
  private PlanBook plans(Handle handle) {
    KnownPlans known = shared == null ? new KnownPlans() : shared;
    return known.over(
        (plan, version) -> surroundings.version(database.within(handle), plan, version));
  }

  private Optional<Subscription> latestAt(String customer, Instant moment) {
    return database.read(
        handle ->
            SubscriptionRows.ofCustomer(handle, customer, plans(handle)).stream()
                .filter(each -> !moment.isBefore(each.segments().get(0).from()))
                // One that was reactivated began before another that has ended since.
                .reduce(
                    (earlier, later) ->
                        earlier.segmentAt(moment).isPresent() && later.segmentAt(moment).isEmpty()
                            ? earlier
                            : later));
  }
}
