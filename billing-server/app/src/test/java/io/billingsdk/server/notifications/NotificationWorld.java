package io.billingsdk.server.notifications;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.broker.ServerCertificate;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.outbox.Outbox;
import io.billingsdk.server.outbox.Outbox.DomainEvent;
import io.billingsdk.server.outbox.OutboxDelivery;
import io.billingsdk.testbed.Await;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A database with an outbox that is delivered, by a clock that stands until a test moves it. */
final class NotificationWorld implements InstantSource, AutoCloseable {
  static final Actor TESTER = new Actor("tester");

  private final World world;
  private final Database database;
  private final Notifications notifications;
  private final Path directory;
  private final ServerCertificate certificate;
  private final WebhookSecrets secrets;
  private final NotificationCounts counts = new NotificationCounts();
  private final WebhookTransport transport;
  private final List<Runnable> ends = new ArrayList<>();
  private volatile Instant now = Instant.parse("2027-01-01T00:00:00Z");
  private long events;

  NotificationWorld(Path directory) throws SQLException {
    this(directory, Testbed.get().world());
  }

  /** Over a database in which something else works. */
  NotificationWorld(Path directory, World world) throws SQLException {
    this.world = world;
    this.database = world.database();
    this.notifications = new Notifications(database);
    this.directory = directory;
    this.certificate = ServerCertificate.in(directory);
    this.secrets = new WebhookSecrets(new Secrets(directory.resolve("secrets")));
    this.transport = transport(/* privateAddresses= */ true, InetAddress::getAllByName);
    notifications.start();
    OutboxDelivery outbox =
        new OutboxDelivery(
            database, notifications, List.of(new NoticeDesk(database, this, () -> {})));
    ends.add(outbox::close);
    outbox.start();
    Await.until(() -> count("SELECT count(*) FROM outbox_subscriber") == 1);
  }

  WebhookTransport transport(boolean privateAddresses, WebhookTransport.NameLookUp names) {
    WebhookTransport made =
        new WebhookTransport(TrustedRoots.context(ca()), privateAddresses, names);
    made.start();
    ends.add(made::close);
    return made;
  }

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  World world() {
    return world;
  }

  Database database() {
    return database;
  }

  Path ca() {
    return directory.resolve("ca.pem");
  }

  ServerCertificate certificate() {
    return certificate;
  }

  WebhookSecrets secrets() {
    return secrets;
  }

  NotificationCounts counts() {
    return counts;
  }

  WebhookSender sender() {
    return new WebhookSender(database, secrets, transport, this, counts);
  }

  Upkeep upkeep() {
    return new Upkeep(database, this);
  }

  WebhookEndpoints endpoints(String owner) {
    return new WebhookEndpoints(
        database,
        TESTER,
        owner,
        new WebhookEndpoints.Means(secrets, this, /* privateAddresses= */ true));
  }

  MailRecipients recipients(String owner) {
    return new MailRecipients(database, TESTER, owner, this);
  }

  void customer(String id, String name, String locale) {
    var unused =
        new Customers(database, TESTER)
            .create(new NewCustomer(id, name, "USD", "UTC", locale, null, null, List.of(), null));
  }

  /** Adds an event to the outbox, and waits until it is in the lines. */
  void happens(String kind, String customer, Map<String, ?> more) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("customerId", customer);
    payload.put("internal", "shown to nobody");
    payload.putAll(more);
    long known = ++events;
    database.useTransaction(
        handle ->
            Outbox.add(handle, DomainEvent.of(kind, "customer/" + customer, payload, "tester")));
    Await.until(() -> count("SELECT count(*) FROM notice") >= known);
  }

  /** Does all that is due now. */
  static int drain(DeliveryWork work) throws InterruptedException {
    int done = 0;
    while (work.doNext()) {
      done++;
    }
    return done;
  }

  long count(String sql) {
    try {
      return world.count(sql);
    } catch (SQLException failed) {
      throw new AssertionError(sql, failed);
    }
  }

  @Override
  public void close() {
    for (int i = ends.size() - 1; i >= 0; i--) {
      ends.get(i).run();
    }
    notifications.close();
    database.close();
  }
}
