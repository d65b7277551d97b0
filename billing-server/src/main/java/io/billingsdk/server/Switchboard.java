package io.billingsdk.server;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerLink;
import io.billingsdk.server.broker.ConnectionListener;
import io.billingsdk.server.broker.ConnectionSettings;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.database.Database;
import io.billingsdk.server.keys.KeyChanges;
import io.billingsdk.server.keys.KeyFeeds;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.ledger.Hellos;
import io.billingsdk.wire.Bounds;
import io.billingsdk.wire.Hello;
import io.billingsdk.wire.MalformedMessageException;
import io.billingsdk.wire.Presence;
import io.billingsdk.wire.UsageBatch;
import io.billingsdk.wire.V1Topics;
import io.billingsdk.wire.V2Topics;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything on the wire but usage: presence, signs of life, keys. On a link of its own, so that a
 * flood of usage does not delay a block.
 */
final class Switchboard implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Switchboard.class);

  private static final int HELD = 1_000;

  /** Makes the link to the broker. */
  @FunctionalInterface
  interface Dial {
    BrokerLink to(ConnectionListener listener);
  }

  private final V2Topics topics;
  private final V1Topics legacyTopics;
  private final UUID ledger;
  private final Hellos hellos;
  private final BrokerLink link;
  private final KeyFeeds feeds;
  private final KeyChanges changes;

  /** Bounded: what does not fit is said again by whoever said it. */
  private final ExecutorService work =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(HELD),
          task -> {
            Thread thread = new Thread(task, "billing-switchboard");
            thread.setDaemon(true);
            return thread;
          });

  Switchboard(Database database, KeyVault vault, Dial dial, String prefix, UUID ledger) {
    this.ledger = ledger;
    this.topics = V2Topics.under(prefix);
    this.legacyTopics = V1Topics.under(prefix);
    this.hellos = new Hellos(database);
    this.link =
        dial.to(
            new ConnectionListener() {
              @Override
              public void received(HeldMessage message) {
                // Nothing here is worth a repetition: each is said again.
                message.confirm();
                enqueue(() -> handle(message));
              }

              @Override
              public void up() {
                announce(/* online= */ true);
                enqueue(() -> feeds().tellLegacy());
              }
            });
    this.feeds =
        new KeyFeeds(database, vault, prefix, (topic, message) -> publish(topic, message, false));
    this.changes = new KeyChanges(database, () -> enqueue(() -> feeds().tellChanges()));
  }

  /** By a connection to a broker, which says that the server has gone when the connection has. */
  static Dial at(BrokerAddress broker, String id, String prefix) {
    V2Topics topics = V2Topics.under(prefix);
    ConnectionSettings settings =
        new ConnectionSettings(
                id + "-control",
                List.of(
                    V2Topics.shared("servers", topics.helloFilter()),
                    V2Topics.shared("servers", V1Topics.under(prefix).keysRequest()),
                    topics.collector()),
                0,
                HELD,
                Bounds.BATCH_BYTES,
                null)
            .withWill(topics.collector(), Presence.of(false).encode());
    return listener -> new BrokerConnection(broker, settings, listener);
  }

  void start() {
    link.start();
    changes.start();
  }

  boolean isUp() {
    return link.isUp();
  }

  /** Says that the server goes, and goes. */
  @Override
  public void close() {
    changes.close();
    work.shutdown();
    try {
      link.publish(topics.collector(), Presence.of(false).encode(), /* retain= */ true)
          .orTimeout(2, TimeUnit.SECONDS)
          .exceptionally(gone -> null)
          .join();
    } finally {
      link.close();
    }
  }

  private KeyFeeds feeds() {
    return feeds;
  }

  private void handle(HeldMessage message) throws SQLException, MalformedMessageException {
    String topic = message.topic();
    if (topic.equals(legacyTopics.keysRequest())) {
      feeds.tellLegacy();
    } else if (topic.equals(topics.collector())) {
      // Another server has gone; this one is still there.
      if (!Presence.decode(message.payload()).online()) {
        announce(/* online= */ true);
      }
    } else {
      String instance = topics.instanceOf(topic).orElse(null);
      if (instance != null) {
        greet(instance, Hello.decode(message.payload()));
      }
    }
  }

  private void greet(String instance, Hello hello) throws SQLException {
    // The keys first: whoever waits for them refuses calls meanwhile.
    if (hello.keysWanted()) {
      feeds.sendSnapshot(instance);
    }
    // Who only looks whether a server answers has no stream that could be followed.
    if (!hello.stream().equals(UsageBatch.PROBE)) {
      hellos.keep(instance, hello);
    }
  }

  private void announce(boolean online) {
    byte[] presence = Presence.of(online).withLedger(ledger).encode();
    publish(topics.collector(), presence, /* retain= */ true);
  }

  private void publish(String topic, byte[] message, boolean retain) {
    var unused =
        link.publish(topic, message, retain)
            .exceptionally(
                failed -> {
                  log.debug("a message on {} was not sent: {}", topic, failed.toString());
                  return null;
                });
  }

  /** Something that may fail, and is then repeated by whoever asked. */
  @FunctionalInterface
  private interface Task {
    void run() throws SQLException, MalformedMessageException;
  }

  private void enqueue(Task task) {
    try {
      work.execute(() -> guarded(task));
    } catch (RejectedExecutionException atTheEnd) {
      log.debug("too much waits, or it is closed");
    }
  }

  private static void guarded(Task task) {
    try {
      task.run();
    } catch (SQLException | MalformedMessageException | RuntimeException failed) {
      log.warn("a message could not be answered: {}", failed.getMessage());
    }
  }
}
