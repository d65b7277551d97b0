package io.billingsdk.server.outbox;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.RetryPlan;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** An outbox of one test, and what its subscribers were given. */
final class OutboxWorld implements AutoCloseable {
  static final String KIND = "test.happened";
  static final RetryPlan QUICK =
      new RetryPlan(3, Duration.ofMillis(10), Duration.ofMillis(40), Duration.ofSeconds(2));

  private final List<Runnable> ends = new ArrayList<>();
  private final World world;
  private final Database database;

  OutboxWorld() throws SQLException {
    world = Testbed.get().world();
    database = world.database();
    ends.add(database::close);
  }

  /** What a subscriber does with an event. */
  interface OutboxWork {
    void on(DeliveredEvent event) throws Exception;
  }

  /** Notes what it is given, once its work succeeded. */
  static final class Noting implements OutboxSubscriber {
    private final String name;
    private final OutboxWork work;
    private final List<DeliveredEvent> given = new CopyOnWriteArrayList<>();

    Noting(String name, OutboxWork work) {
      this.name = name;
      this.work = work;
    }

    List<DeliveredEvent> given() {
      return given;
    }

    /** The numbers that the payloads have. */
    List<String> payloads() {
      return given.stream().map(each -> each.event().payload()).toList();
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Set<String> kinds() {
      return Set.of(KIND);
    }

    @Override
    public RetryPlan retries() {
      return QUICK;
    }

    @Override
    public void receive(DeliveredEvent event) throws Exception {
      work.on(event);
      given.add(event);
    }
  }

  World world() {
    return world;
  }

  Database database() {
    return database;
  }

  /** A server that delivers, which the caller may close sooner. */
  OutboxDelivery server(OutboxSubscriber... subscribers) {
    Notifications notifications = new Notifications(database);
    ends.add(notifications::close);
    OutboxDelivery made = new OutboxDelivery(database, notifications, List.of(subscribers));
    ends.add(made::close);
    notifications.start();
    made.start();
    return made;
  }

  /** As a start of a server that knew them has left it. */
  void know(OutboxSubscriber... subscribers) throws SQLException {
    for (OutboxSubscriber each : subscribers) {
      new SubscriberRows(database).know(each);
    }
  }

  static DomainEvent event(String subject, int number) {
    return DomainEvent.of(KIND, subject, Map.of("n", number), "tester");
  }

  void add(String subject, int number) {
    database.inTransaction(
        handle -> {
          Outbox.add(handle, event(subject, number));
          return true;
        });
  }

  long count(String where) throws SQLException {
    return world.count("SELECT count(*) FROM outbox_delivery WHERE " + where);
  }

  @Override
  public void close() {
    for (int i = ends.size() - 1; i >= 0; i--) {
      ends.get(i).run();
    }
  }
}
