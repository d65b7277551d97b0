package io.billingsdk.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.billingsdk.server.BillingServer;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.access.Operators;
import io.billingsdk.server.access.Principal.Scope;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.OwnBroker;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseException;
import io.billingsdk.server.db.EmbeddedDatabase;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements.Quota;
import io.billingsdk.server.keys.NewKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The billing server of the demo: {@code ./billing serve} in a process of its own, with its
 * PostgreSQL, and with its broker unless there is another. It can be killed and started again on
 * what it left. For one thread.
 */
public final class DemoServer implements AutoCloseable {
  private static final Pattern SERVING = Pattern.compile("billing: serving; broker .*:(\\d+), .*");
  private static final long STOP_SECONDS = 30;
  private static final Duration TOKEN_LASTS = Duration.ofMinutes(5);

  private final Path data;
  private final Path log;
  private final String instance;
  private final @Nullable BrokerAddress broker;

  /** For the thread that cleans up after Ctrl-C too. */
  private volatile @Nullable Process process;

  private int port;

  /**
   * A server to be started.
   *
   * @param directory for its data and its log
   * @param instance which its own broker lets in
   * @param broker null for its own
   */
  public DemoServer(Path directory, String instance, @Nullable BrokerAddress broker) {
    this.data = dataIn(directory);
    this.log = directory.resolve("server.log");
    this.instance = instance;
    this.broker = broker;
  }

  /** Where its data is in the directory of a run. */
  static Path dataIn(Path directory) {
    return directory.resolve("server");
  }

  /**
   * Starts it, also again; returns when it serves. Its own broker keeps its port.
   *
   * @throws IOException when it refuses; the message is for people
   */
  public void start() throws IOException {
    Files.createDirectories(data);
    // Before it starts: a running one would let the instance in a second later.
    var unused = OwnBroker.passwordOf(BillingServer.brokerDirectory(data), instance);
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors().toFile()));
    if (broker != null) {
      builder.environment().put("BILLING_BROKER_PASSWORD", broker.password());
    }
    Process started = builder.start();
    process = started;
    port = portOf(started);
  }

  /** SIGKILL: no farewell, nothing is finished. Its PostgreSQL stays behind, as it would. */
  void kill9() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
    }
  }

  /** Its own broker, for the instance. */
  public BrokerAddress ownBroker() {
    Path directory = BillingServer.brokerDirectory(data);
    return new BrokerAddress(
        "127.0.0.1",
        port,
        directory.resolve("ca.pem"),
        instance,
        OwnBroker.passwordOf(directory, instance));
  }

  /** Makes an application and a key for it. */
  public IssuedKey issue(String app) throws IOException {
    return ask(
        database -> {
          KeyAdmin admin = new KeyAdmin(database, null);
          admin.createApp(app, app);
          NewKey key = admin.create(app, List.of(), null, /* legacy= */ false);
          return new IssuedKey(app, key.keyId(), key.text());
        });
  }

  /** Loads the plans that come with the server; says their ids. */
  public List<String> loadPlans() throws IOException {
    return ask(
        database -> {
          PlanFile shipped = PlanFile.shipped();
          var unused =
              new PlanImport(database, Actor.commandLine())
                  .run(shipped, new ImportOptions(/* publish= */ true, null, /* dryRun= */ false));
          return shipped.planIds();
        });
  }

  /**
   * Gives the customer of an app a subscription to one of these plans, and its key a quota.
   *
   * @param calls of the quota; more than these are let in, and charged
   */
  public void subscribe(IssuedKey key, String plan, long calls) throws IOException {
    String token =
        ask(
            database ->
                new Tokens(database)
                    .create(Actor.commandLine(), Operators.FIRST, Scope.ADMIN, null, TOKEN_LASTS)
                    .text());
    new DemoSubscription(data).start(key.appId(), plan, token);
    Quota quota = Quota.unused("calls", BigDecimal.valueOf(calls), null, /* overage= */ true);
    var unused =
        ask(
            database -> {
              new KeyAdmin(database, null)
                  .change(key.keyId(), terms -> terms.withQuotas(List.of(quota)));
              return true;
            });
  }

  /** How many calls the quota of a key has counted. */
  public long countedCalls(IssuedKey key) throws IOException {
    return ask(database -> LedgerState.countedCalls(database, key.keyId()));
  }

  /** Blocks a key; the server tells the gateways. */
  public void block(IssuedKey key, String reason) throws IOException {
    var unused =
        ask(
            database -> {
              new KeyAdmin(database, null).block(key.keyId(), reason);
              return true;
            });
  }

  /** What its database holds now. */
  public LedgerState ledger() throws IOException {
    return ask(LedgerState::read);
  }

  /** Ends it in order, and with it its PostgreSQL. */
  @Override
  public void close() {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
      // Of one that was killed.
      EmbeddedDatabase.endLeftBehind(BillingServer.databaseDirectory(data));
    } catch (InterruptedException interrupted) {
      running.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (IOException unreadable) {
      throw new IllegalStateException("the demo's PostgreSQL cannot be ended", unreadable);
    }
  }

  /** Something to be asked of the database. */
  @FunctionalInterface
  private interface Question<T> {
    T on(Database database) throws SQLException;
  }

  /** Connects again each time: after a restart the database has another port. */
  private <T> T ask(Question<T> work) throws IOException {
    try (Database database = Database.at(BillingServer.runningDatabase(data))) {
      return work.on(database);
    } catch (SQLException | DatabaseException failed) {
      throw new IOException("the ledger cannot be asked: " + failed.getMessage(), failed);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Quick to start rather than quick in the long run, as ./billing itself.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    // Its counters would stay in /tmp when it is killed.
    command.add("-XX:-UsePerfData");
    command.add("-Dlogback.configurationFile=billing-demo-logback.xml");
    command.add("-Dbilling.demo.log=" + log);
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.add(ServerProcess.class.getName());
    command.addAll(List.of("--data-dir", data.toString(), "--mqtt-port", Integer.toString(port)));
    command.addAll(List.of("--http-port", "0"));
    BrokerAddress other = broker;
    if (other != null) {
      command.addAll(List.of("--broker", "ssl://" + other.host() + ":" + other.port()));
      command.addAll(List.of("--broker-user", other.user()));
      command.addAll(List.of("--broker-ca", String.valueOf(other.caPem())));
    }
    return command;
  }

  private int portOf(Process started) throws IOException {
    // Not closed: the process would be ended by what it prints next.
    BufferedReader out = started.inputReader(UTF_8);
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher serving = SERVING.matcher(line);
      if (serving.matches()) {
        return Integer.parseInt(serving.group(1));
      }
    }
    throw new IOException("the billing server did not start: " + lastError());
  }

  private String lastError() throws IOException {
    List<String> lines = Files.readAllLines(errors());
    return lines.isEmpty() ? "see " + log : lines.get(lines.size() - 1);
  }

  private Path errors() {
    return log.resolveSibling("server.err");
  }
}
