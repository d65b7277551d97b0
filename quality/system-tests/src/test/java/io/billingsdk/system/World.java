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
  private static final Duration REST = Duration.ofSeconds(2);

  /** Longer than a busy machine stops a broker or a database. */
  private static final Duration REST_OF_A_PART = Duration.ofSeconds(10);

  private final History history;
  private final TestBroker broker;
  private final Postgres database;
  private final Backend backend;
  private final Services services;

  /** The way to the database, for those that look at it. */
  @FunctionalInterface
  interface Connecting {
    Connection connect() throws SQLException;
  }

  private World(
      History history, TestBroker broker, Postgres database, Backend backend, Services services) {
    this.history = history;
    this.broker = broker;
    this.database = database;
    this.backend = backend;
    this.services = services;
  }

  /** Skips the test, and says so in a proof line, where the machine lacks a program. */
  static void require(String proof) {
    Optional<String> lacking = MosquittoTestBroker.whyNotInstalled().or(Postgres::whyNotInstalled);
    lacking.ifPresent(why -> Proof.skipped(proof, why));
    assumeTrue(lacking.isEmpty(), lacking::toString);
  }

  /** A world with the billing server, in which everything runs, on a broker that this starts. */
  static World withServer(Path directory, TestBroker broker, int rate) throws Exception {
    broker.start();
    Postgres database = Postgres.start();
    Servers servers = new Servers(directory.resolve("server"), broker, database, "server");
    return start(directory, broker, database, servers, rate);
  }

  /** A world with the small collector, and what is planted in it, on a Mosquitto. */
  static World withModel(Path directory, Plant plant, int protocol, int rate) throws Exception {
    TestBroker broker = MosquittoTestBroker.in(directory.resolve("broker"));
    broker.start();
    Postgres database = Postgres.start();
    Collectors collectors = new Collectors(broker, database, plant, protocol);
    return start(directory, broker, database, collectors, rate);
  }

  private static World start(
      Path directory, TestBroker broker, Postgres database, Backend backend, int rate)
      throws Exception {
    History history = History.in(directory.resolve("history"));
    backend.restart();
    backend.awaitReady();
    Services services =
        services(directory.resolve("journal"), broker, history, "service", backend.key(), rate);
    services.restart();
    return new World(history, broker, database, backend, services);
  }

  /** Services of another journal, which this world does not start, and whoever asks must close. */
  Services others(Path journal, String name, int rate) {
    return services(journal, broker, history, name, backend.key(), rate);
  }

  /** Another billing server on the same broker and database, which whoever asks must close. */
  Servers otherServer(Path directory, String name) {
    return new Servers(directory, broker, database, name);
  }

  private static Services services(
      Path journal, TestBroker broker, History history, String name, String key, int rate) {
    return new Services(journal, broker, history, name, "key=" + key, "rate=" + rate);
  }

  TestBroker broker() {
    return broker;
  }

  History history() {
    return history;
  }

  Connection connect() throws SQLException {
    return database.connect();
  }

  Map<Victim.Kind, Victim> victims() {
    Map<Victim.Kind, Victim> victims = new EnumMap<>(Victim.Kind.class);
    victims.put(Victim.Kind.CLIENT, services);
    victims.put(Victim.Kind.COLLECTOR, backend);
    victims.put(Victim.Kind.BROKER, victim(broker));
    victims.put(Victim.Kind.POSTGRES, victim(database));
    return victims;
  }

  static Victim victim(TestBroker broker) {
    return new Victim() {
      @Override
      public void kill9() {
        broker.kill();
      }

      @Override
      public void restart() {
        broker.start();
      }
    };
  }

  static Victim victim(Postgres database) {
    return new Victim() {
      @Override
      public void kill9() {
        database.kill9();
      }

      @Override
      public void restart() throws Exception {
        database.restart();
      }
    };
  }

  void awaitAttempted(int events) {
    Awaitility.await().atMost(Child.PATIENCE).until(() -> history.attemptedCount() >= events);
  }

  void awaitStored(int events) throws SQLException {
    try (Connection connection = database.connect()) {
      Awaitility.await()
          .atMost(Child.PATIENCE)
          .until(() -> count(connection, backend.ledger().events()) >= events);
    }
  }

  Backend backend() {
    return backend;
  }

  Services services() {
    return services;
  }

  /** Empties the journal, and holds the ledger against the history once it has come to rest. */
  Verdict verdict() throws Exception {
    // A server that ended by itself, as its database was killed, would let no journal run empty.
    backend.recover();
    services.drain();
    return verdictOfDrained();
  }

  /** As {@link #verdict}, of services that are drained already. */
  Verdict verdictOfDrained() throws Exception {
    try (Connection connection = database.connect()) {
      awaitRest(connection);
      return new Checker(backend.ledger()).check(connection, history, services.dead());
    }
  }

  /**
   * Protocol v1 empties the journal before the collector has stored what the broker holds. A count
   * that stays for two seconds is at rest; while events are missing, it must stay for longer.
   */
  private void awaitRest(Connection database) {
    long[] before = {-1};
    long[] since = {System.nanoTime()};
    Awaitility.await()
        .atMost(Child.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              long now = count(database, backend.ledger().events());
              if (now != before[0]) {
                before[0] = now;
                since[0] = System.nanoTime();
              }
              Duration rest = now < history.attemptedCount() ? REST_OF_A_PART : REST;
              return System.nanoTime() - since[0] >= rest.toNanos();
            });
  }

  private static long count(Connection database, String query) throws SQLException {
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM (" + query + ") AS events")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    services.close();
    backend.close();
    broker.close();
    database.close();
    history.close();
  }
}
