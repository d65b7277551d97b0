package io.billingsdk.server.outbox;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.outbox.OutboxSubscriber.DeliveredEvent;
import io.billingsdk.server.outbox.OutboxSubscriber.RetryPlan;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own that writes down what it delivers, and dies between a delivery
 * and its note, without a farewell.
 */
public final class OutboxChild {
  private static final int KILLED = 137;

  private OutboxChild() {}

  /** Delivers until it has delivered so many, or until it is killed. */
  public static void main(String[] arguments) throws Exception {
    Database database =
        Database.at(
            new DatabaseAddress(arguments[0], arguments[1], System.getenv("DATABASE_PASSWORD")));
    int last = Integer.parseInt(arguments[2]);
    Notifications notifications = new Notifications(database);
    SeenEvent seen = new SeenEvent(database);
    OutboxDelivery delivery =
        new OutboxDelivery(
            database,
            notifications,
            List.of(seen),
            () -> {
              if (seen.count == last) {
                Runtime.getRuntime().halt(KILLED);
              }
            });
    notifications.start();
    delivery.start();
    CountDownLatch never = new CountDownLatch(1);
    while (!never.await(100, TimeUnit.MILLISECONDS)) {
      // In the place of the job.
      delivery.wake();
    }
  }

  /** Confined to its lane. */
  static final class SeenEvent implements OutboxSubscriber {
    private final Database database;
    private int count;

    SeenEvent(Database database) {
      this.database = database;
    }

    @Override
    public String name() {
      return "seen";
    }

    @Override
    public Set<String> kinds() {
      return Set.of(OutboxWorld.KIND);
    }

    @Override
    public RetryPlan retries() {
      return new RetryPlan(
          1_000, Duration.ofMillis(10), Duration.ofMillis(10), Duration.ofSeconds(4));
    }

    @Override
    public void receive(DeliveredEvent event) throws SQLException {
      database.call(connection -> see(connection, event));
      count++;
    }

    private static boolean see(Connection connection, DeliveredEvent event) throws SQLException {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO seen (event_id, subject, position) VALUES (?, ?, ?)")) {
        insert.setObject(1, event.event().id());
        insert.setString(2, event.event().subject());
        insert.setLong(3, event.position());
        return insert.executeUpdate() == 1;
      }
    }
  }
}
