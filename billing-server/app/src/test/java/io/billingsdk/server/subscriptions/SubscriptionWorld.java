package io.billingsdk.server.subscriptions;

import io.billingsdk.rating.BillingInterval;
import io.billingsdk.rating.Charge;
import io.billingsdk.rating.PriceModel;
import io.billingsdk.rating.ProrationRule;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.catalog.Entitlements;
import io.billingsdk.server.catalog.PlanCharge;
import io.billingsdk.server.catalog.PlanVersion;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.ZoneHistory;
import io.billingsdk.server.customers.ZoneHistory.ZoneChange;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.subscriptions.Order.Alter;
import io.billingsdk.server.subscriptions.Order.Begin;
import io.billingsdk.server.subscriptions.Order.OrderKind;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Subscriptions in a database of their own, with plans, customers and a clock of the test. */
final class SubscriptionWorld implements AutoCloseable {
  static final Actor TESTER = new Actor("tester");

  final World world;
  final Database database;
  final Fixed surroundings = new Fixed();
  final List<String> heard = new CopyOnWriteArrayList<>();
  final ChangeNotices notices = new ChangeNotices(List.of(this::hear));
  final Subscriptions subscriptions;

  SubscriptionWorld() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    subscriptions = new Subscriptions(database, TESTER, surroundings, notices);
    surroundings.publish("free", 1, "0");
    surroundings.publish("pro", 1, "29.00");
    surroundings.publish("enterprise", 1, "99.00");
  }

  private void hear(Handle handle, String customer, CustomerAccess access, Instant at) {
    heard.add(
        customer
            + " "
            + (access instanceof CustomerAccess.Barred barred
                ? barred.reason()
                : access.getClass().getSimpleName()));
  }

  UUID start(String customer, String plan) {
    return start(customer, plan, null);
  }

  UUID start(String customer, String plan, @Nullable Instant at) {
    Begin order = new Begin(customer, plan, null, null, ProrationRule.DAYS, at);
    return subscriptions.start(order).after().orElseThrow().id();
  }

  Course change(UUID id, Alter order) {
    return subscriptions.change(id, order);
  }

  static Alter plain(OrderKind kind) {
    return new Alter(kind, null, null, null, null, null, null);
  }

  static Alter toPlan(String plan) {
    return new Alter(OrderKind.SWITCH, plan, null, null, null, null, null);
  }

  /** Whether the stored subscription, its events and its segments say the same. */
  List<String> contradictions(UUID id) throws SQLException {
    List<String> wrong = new ArrayList<>();
    Subscription stored = subscriptions.require(id);
    if (!SubscriptionJson.write(stored)
        .equals(SubscriptionJson.write(subscriptions.replayed(id)))) {
      wrong.add("the events make another subscription than " + stored);
    }
    String mine = " WHERE subscription_id = '" + id + "'";
    long events = world.count("SELECT count(*) FROM subscription_event" + mine);
    if (events != stored.revision()) {
      wrong.add(events + " events, revision " + stored.revision());
    }
    long segments = world.count("SELECT count(*) FROM subscription_segment" + mine);
    if (segments != stored.segments().size()) {
      wrong.add(segments + " segments, should be " + stored.segments().size());
    }
    long audited =
        world.count(
            "SELECT count(*) FROM audit_log WHERE subject = '" + id + "' AND actor = 'tester'");
    long byPeople =
        world.count("SELECT count(*) FROM subscription_event" + mine + " AND actor = 'tester'");
    if (audited != byPeople) {
      wrong.add(audited + " entries of the audit log, events of people " + byPeople);
    }
    return wrong;
  }

  @Override
  public void close() {
    database.close();
  }

  /** Plans and customers of a test; each customer that is asked for is there. */
  static final class Fixed implements Surroundings {
    private final Map<String, PlanVersion> plans = new ConcurrentHashMap<>();
    private final Map<String, ZoneHistory> zones = new ConcurrentHashMap<>();
    volatile Instant now = Instant.parse("2026-03-11T12:00:00Z");
    volatile @Nullable Runnable beforeCurrent;
    volatile @Nullable Runnable beforeNow;

    void publish(String plan, int version, String price) {
      PlanCharge base =
          new PlanCharge(
              "base",
              "Base",
              PlanCharge.Kind.FLAT_IN_ADVANCE,
              null,
              Charge.of("USD", PriceModel.flat(price)));
      publish(
          new PlanVersion(
              plan,
              version,
              "USD",
              BillingInterval.MONTH,
              0,
              List.of(base),
              Entitlements.UNLIMITED,
              Instant.EPOCH));
    }

    void publish(PlanVersion plan) {
      plans.put(plan.plan() + "/" + plan.version(), plan);
    }

    void zone(String customer, ZoneId zone) {
      zones.merge(
          customer,
          ZoneHistory.of(zone),
          (known, next) -> {
            List<ZoneChange> changes = new ArrayList<>(known.changes());
            changes.removeIf(each -> each.since().equals(now));
            changes.add(new ZoneChange(now, zone));
            return new ZoneHistory(known.first(), changes);
          });
    }

    @Override
    public Customer customer(Database database, String customer) {
      ZoneId zone = known(customer).at(Instant.MAX);
      return new Customer(
          customer, customer, "USD", zone, "en", null, null, List.of(), Instant.EPOCH);
    }

    private ZoneHistory known(String customer) {
      return zones.getOrDefault(customer, ZoneHistory.of(ZoneId.of("UTC")));
    }

    @Override
    public ZoneHistory zones(Database database, Customer customer) {
      return known(customer.id());
    }

    @Override
    public Instant now(Database database, Customer customer) {
      Runnable first = beforeNow;
      if (first != null) {
        first.run();
      }
      return now;
    }

    @Override
    public PlanVersion version(Database database, String plan, int version) {
      PlanVersion found = plans.get(plan + "/" + version);
      if (found == null) {
        throw RequestRefusedException.notFound("version", "there is no version " + version);
      }
      return found;
    }

    @Override
    public PlanVersion current(Database database, String plan, Instant at) {
      Runnable first = beforeCurrent;
      if (first != null) {
        first.run();
      }
      return plans.values().stream()
          .filter(each -> each.plan().equals(plan))
          .max(Comparator.comparingInt(PlanVersion::version))
          .orElseThrow(() -> RequestRefusedException.notFound("plan", "there is no plan " + plan));
    }
  }
}
