package io.billingsdk.matrix;

import static java.util.Objects.requireNonNull;

import io.billingsdk.examples.demo.DemoServer;
import io.billingsdk.examples.usage.UsageLine;
import io.billingsdk.server.BillingServer;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.testbed.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A billing server in a process of its own, with a login and an app for each application. */
final class DeskLedger implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DemoServer server;
  private final Path broker;
  private final Map<String, Login> logins = new HashMap<>();

  /** What an application and its clients need. */
  record Login(String instance, String password, String app, String goodKey, String blockedKey) {}

  /** What an app used. */
  record Usage(long events, BigDecimal tokens) {}

  private DeskLedger(DemoServer server, Path broker) {
    this.server = server;
    this.broker = broker;
  }

  static DeskLedger start(Path directory, List<String> names) throws IOException {
    Path data = Files.createDirectories(directory.resolve("server"));
    Path broker = BillingServer.brokerDirectory(data);
    Map<String, String> passwords = new HashMap<>();
    // Before the start: a running server would let them in a second later.
    names.forEach(name -> passwords.put(name, OwnBroker.passwordOf(broker, instance(name))));
    DeskLedger ledger =
        new DeskLedger(new DemoServer(directory, instance(names.get(0)), null), broker);
    ledger.server.start();
    try (Database database = Database.at(BillingServer.runningDatabase(data))) {
      KeyAdmin admin = new KeyAdmin(database, null);
      for (String name : names) {
        ledger.logins.put(name, login(admin, name, requireNonNull(passwords.get(name))));
      }
    }
    return ledger;
  }

  private static Login login(KeyAdmin admin, String name, String password) {
    String app = "app-" + instance(name);
    admin.createApp(app, app);
    String good = admin.create(app, List.of("small"), null, /* legacy= */ false).text();
    var blocked = admin.create(app, List.of(), null, /* legacy= */ false);
    admin.block(blocked.keyId(), "unpaid");
    return new Login(instance(name), password, app, good, blocked.text());
  }

  private static String instance(String name) {
    return name.replace('.', '-');
  }

  /** Of its broker. */
  int port() {
    return server.ownBroker().port();
  }

  Login login(String name) {
    return requireNonNull(logins.get(name));
  }

  /** The settings of an application, as a container has them. */
  Map<String, String> environment(Login login, int brokerPort, Path directory) {
    return Map.of(
        "BILLING_HOST", "127.0.0.1",
        "BILLING_PORT", String.valueOf(brokerPort),
        "BILLING_USERNAME", login.instance(),
        "BILLING_PASSWORD", login.password(),
        "BILLING_CA_CERTIFICATES", broker.resolve("ca.pem").toString(),
        "BILLING_JOURNAL_DIRECTORY", directory.resolve("journal").toString());
  }

  /** Waits until the ledger has exactly this of an app. */
  void awaitUsage(Login login, long events, long tokens) {
    Usage expected = new Usage(events, BigDecimal.valueOf(tokens).stripTrailingZeros());
    Await.until(PATIENCE, () -> usage(login).equals(expected));
  }

  Usage usage(Login login) {
    try {
      long events = 0;
      BigDecimal tokens = BigDecimal.ZERO;
      for (UsageLine line : server.ledger().lines()) {
        if (line.appId().equals(login.app())) {
          events += line.events();
          tokens = tokens.add(line.usage());
        }
      }
      return new Usage(events, tokens.stripTrailingZeros());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
