package io.billingsdk.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.testbed.MosquittoTestBroker;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.TestBroker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * Services, a broker, by default a Mosquitto that keeps nothing on disk, a collector and a
 * PostgreSQL, each a process. Close it after the test.
 */
final class World implements AutoCloseable {
  private final History history;
  private final TestBroker broker;
  private final Postgres database;
  private final Collectors collectors;
  private final Services services;

  private World(
      History history,
      TestBroker broker,
      Postgres database,
      Collectors collectors,
      Services services) {
    this.history = history;
    this.broker = broker;
    this.database = database;
    this.collectors = collectors;
    this.services = services;
  }

  /** Skips the test, and says so in a proof line, where the machine lacks a program. */
  static void require(String proof) {
    Optional<String> lacking = MosquittoTestBroker.whyNotInstalled().or(Postgres::whyNotInstalled);
    lacking.ifPresent(why -> Proof.skipped(proof, why));
    assumeTrue(lacking.isEmpty(), lacking::toString);
  }

  /**
   * A world in which everything runs, with so many events a second and lines for the broker's
   * configuration.
   */
  static World start(Path directory, Plant plant, int protocol, int rate, String... brokerLines)
      throws Exception {
    return start(
        directory,
        MosquittoTestBroker.in(directory.resolve("broker"), brokerLines),
        plant,
        protocol,
        rate);
  }

  /** The same on another broker, which this starts and closes. */
  static World start(Path directory, TestBroker broker, Plant plant, int protocol, int rate)
      throws Exception {
    History history = History.in(directory.resolve("history"));
    broker.start();
    Postgres database = Postgres.start();
    Collectors collectors = new Collectors(broker, database, plant, protocol);
    collectors.restart();
    collectors.awaitSubscribed();
    World world =
        new World(
            history,
            broker,
            database,
            collectors,
            services(directory.resolve("journal"), broker, history, "service", rate));
    world.services.restart();
    return world;
  }

  /** Services of another journal, which this world does not start, and whoever asks must close. */
  Services others(Path journal, String name, int rate) {
    return services(journal, broker, history, name, rate);
  }

  private static Services services(
      Path journal, TestBroker broker, History history, String name, int rate) {
    return new Services(journal, broker, history, name, "key=" + Collectors.KEY, "rate=" + rate);
  }

  TestBroker broker() {
    return broker;
  }

  History history() {
    return history;
  }

  Map<Victim.Kind, Victim> victims() {
    Map<Victim.Kind, Victim> victims = new EnumMap<>(Victim.Kind.class);
    victims.put(Victim.Kind.CLIENT, services);
    victims.put(Victim.Kind.COLLECTOR, collectors);
    victims.put(
        Victim.Kind.BROKER,
        new Victim() {
          @Override
          public void kill9() {
            broker.kill();
          }

          @Override
          public void restart() {
            broker.start();
          }
        });
    victims.put(
        Victim.Kind.POSTGRES,
        new Victim() {
          @Override
          public void kill9() {
            database.kill9();
          }

          @Override
          public void restart() throws Exception {
            database.restart();
          }
        });
    return victims;
  }

  void awaitAttempted(int events) {
    Awaitility.await().atMost(Child.PATIENCE).until(() -> history.attemptedCount() >= events);
  }

  Collectors collectors() {
    return collectors;
  }

  Services services() {
    return services;
  }

  /** Empties the journal, and holds the ledger against the history once it has come to rest. */
  Verdict verdict() throws Exception {
    services.drain();
    return verdictOfDrained();
  }

  /** As {@link #verdict}, of services that are drained already. */
  Verdict verdictOfDrained() throws Exception {
    try (Connection connection = database.connect()) {
      awaitRest(connection);
      return new Checker(ModelLedger.QUERIES).check(connection, history, services.dead());
    }
  }

  /** Protocol v1 empties the journal before the collector has stored what the broker holds. */
  private static void awaitRest(Connection database) {
    long[] before = {-1};
    Awaitility.await()
        .atMost(Child.PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              long last = before[0];
              before[0] = count(database);
              return last == before[0];
            });
  }

  private static long count(Connection database) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM model_event")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    services.close();
    collectors.close();
    broker.close();
    database.close();
    history.close();
  }
}
