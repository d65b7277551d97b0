package io.billingsdk.server.control;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.broker.BrokerConnection;
import io.billingsdk.server.broker.BrokerConnection.ConnectionSettings;
import io.billingsdk.server.broker.BrokerLink;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.broker.HeldMessage;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.control.Turns.Turn;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.ledger.HelloStore;
import io.billingsdk.server.ledger.Strangers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything on the wire but usage: presence, signs of life, keys. On a link of its own, so that a
 * flood of usage does not delay a block.
 *
 * <p>What an instance says is read in its turn, and what has to wait for the database waits
 * elsewhere: changes of keys, tables of keys, legacy keys and signs of life have a thread each.
 * Nobody waits for what another instance asks. Thread-safe; closed once.
 */
public final class ControlChannel implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlChannel.class);
  private static final LimitedLog limited = new LimitedLog(log);

  private static final int HELD = 1_000;

  /** An SDK says one at each connect, every few seconds, and once a second when it has a gap. */
  static final int BURST = 20;

  static final Duration INTERVAL = Duration.ofMillis(500);

  /** Of one instance that wait to be read; of more the oldest are left out. */
  static final int UNREAD = 4;

  /**
   * Longer ones are ignored: the longest of an SDK, with 256 ranges of numbers, is a third of it.
   */
  static final int MOST_BYTES = 64 << 10;

  /** Most are shorter, and have a room of their own: long ones of others take none of it. */
  static final int SHORT_BYTES = 4 << 10;

  /** Of all instances together that wait to be read, of the long and of the short ones. */
  static final long UNREAD_BYTES = 16L << 20;

  private static final int ALL = Integer.MAX_VALUE;

  /** Makes the link to the broker. */
  @FunctionalInterface
  public interface Dial {
    /** A link that is not started yet; what it receives goes to the listener. */
    BrokerLink to(ConnectionListener listener);
  }

  private final V2Topics topics;
  private final V1Topics legacyTopics;
  private final UUID ledger;
  private final Counts counts;
  private final BrokerLink link;
  private final HelloDesk hellos;
  private final SnapshotDesk snapshots;
  private final LegacyDesk legacy;
  private final LeaseDesk leases;
  private final KeyChanges changes;
  private final Turns<List<byte[]>> unread =
      new Turns<>(BURST, INTERVAL, this::merge, System::nanoTime);
  private final Room longOnes = new Room(UNREAD_BYTES);
  private final Room shortOnes = new Room(UNREAD_BYTES);
  private final Thread thread = new Thread(this::run, "billing-switchboard");

  /** Of one server; {@link #start()} begins. */
  public ControlChannel(
      Database database,
      Notifications notifications,
      KeyVault vault,
      Dial dial,
      String prefix,
      UUID ledger,
      Strangers strangers,
      InstanceLeases quotas,
      Counts counts) {
    this.ledger = ledger;
    this.counts = counts;
    this.topics = V2Topics.under(prefix);
    this.legacyTopics = V1Topics.under(prefix);
    this.link = dial.to(new ControlListener());
    KeyPublisher publisher = new Publisher();
    this.hellos = new HelloDesk(new HelloStore(database, strangers), quotas, counts);
    this.leases = new LeaseDesk(quotas, prefix, ledger, publisher, counts);
    this.snapshots = new SnapshotDesk(database, prefix, publisher, counts);
    this.legacy = new LegacyDesk(database, vault, prefix, publisher);
    this.changes = new KeyChanges(database, notifications, prefix, publisher, legacy::changed);
    thread.setDaemon(true);
  }

  private final class ControlListener implements ConnectionListener {
    @Override
    public void received(HeldMessage message) {
      // Nothing here is worth a repetition: each is said again.
      message.confirm();
      ControlChannel.this.received(message);
    }

    @Override
    public void up() {
      announce(/* online= */ true);
      legacy.changed();
    }
  }

  private final class Publisher implements KeyPublisher {
    @Override
    public CompletableFuture<Void> publish(String topic, byte[] message) {
      return link.publish(topic, message, /* retain= */ false)
          .whenComplete(
              (sent, failed) -> {
                if (failed != null) {
                  log.debug("a message on {} was not sent: {}", topic, failed.toString());
                }
              });
    }

    @Override
    public CompletableFuture<Integer> queued(String instance) {
      return link.queued(instance);
    }
  }

  /** By a connection to a broker, which says that the server has gone when the connection has. */
  public static Dial at(BrokerAddress broker, String id, String prefix) {
    V2Topics topics = V2Topics.under(prefix);
    ConnectionSettings settings =
        new ConnectionSettings(
                id + "-control",
                List.of(
                    V2Topics.shared("servers", topics.helloFilter()),
                    V2Topics.shared("servers", topics.leaseRequestsFilter()),
                    V2Topics.shared("servers", V1Topics.under(prefix).keysRequest()),
                    topics.collector()),
                0,
                HELD,
                Bounds.BATCH_BYTES,
                null)
            .withWill(topics.collector(), Presence.of(false).encode());
    return listener -> new BrokerConnection(broker, settings, listener);
  }

  /** Takes up its threads and the link. */
  public void start() {
    thread.start();
    hellos.start();
    leases.start();
    snapshots.start();
    legacy.start();
    changes.start();
    link.start();
  }

  /** Whether the link to the broker is up. */
  public boolean isUp() {
    return link.isUp();
  }

  /** Says that the server goes, and goes. */
  @Override
  public void close() {
    changes.close();
    unread.close();
    legacy.close();
    snapshots.close();
    leases.close();
    hellos.close();
    try {
      link.publish(topics.collector(), Presence.of(false).encode(), /* retain= */ true)
          .orTimeout(2, TimeUnit.SECONDS)
          .exceptionally(gone -> null)
          .join();
    } finally {
      link.close();
    }
  }

  /** On threads of the broker: returns at once. */
  private void received(HeldMessage message) {
    String topic = message.topic();
    if (topic.equals(legacyTopics.keysRequest())) {
      legacy.ask(message.sender());
    } else if (topic.equals(topics.collector())) {
      otherServer(message);
    } else if (V2Topics.isLeaseRequests(topic)) {
      topics.instanceOf(topic).ifPresent(instance -> asked(instance, message));
    } else {
      topics.instanceOf(topic).ifPresent(instance -> said(instance, message));
    }
  }

  private void asked(String instance, HeldMessage message) {
    Duration early = leases.asked(instance, message.payload());
    if (!early.isZero()) {
      message.slowDown(early.isNegative() ? INTERVAL : early);
    }
  }

  private void said(String instance, HeldMessage message) {
    byte[] payload = message.payload();
    if (payload.length > MOST_BYTES) {
      counts.add(Family.HELLOS, "malformed");
      limited.warn(
          LimitedLog.LogKind.CONTROL,
          "a sign of life of {} has {} bytes and is ignored: it may have {}",
          instance,
          payload.length,
          MOST_BYTES);
      message.slowDown(INTERVAL);
    } else if (!room(payload).enter(payload.length)) {
      leaveOut(instance);
      message.slowDown(INTERVAL);
    } else {
      await(instance, payload, message);
    }
  }

  private void await(String instance, byte[] payload, HeldMessage message) {
    List<byte[]> one = new ArrayList<>();
    one.add(payload);
    Duration early = unread.enter(instance, one);
    if (early.isNegative()) {
      room(payload).leave(payload.length);
      leaveOut(instance);
    } else if (!early.isZero()) {
      // It is too fast: its own connection is to feel it, and no other.
      message.slowDown(early);
    }
  }

  private void leaveOut(String instance) {
    counts.add(Family.HELLOS, "dropped");
    limited.warn(
        LimitedLog.LogKind.CONTROL,
        "signs of life of {} instances wait: one of {} is left out until its next",
        unread.size(),
        instance);
  }

  /** Bytes of signs of life that wait to be read. */
  long unreadBytes() {
    return longOnes.held() + shortOnes.held();
  }

  private Room room(byte[] payload) {
    return payload.length > SHORT_BYTES ? longOnes : shortOnes;
  }

  private List<byte[]> merge(List<byte[]> before, List<byte[]> now) {
    before.addAll(now);
    while (before.size() > UNREAD) {
      byte[] oldest = before.remove(0);
      room(oldest).leave(oldest.length);
      counts.add(Family.HELLOS, "superseded");
    }
    return before;
  }

  /** Another server has gone; this one is still there. */
  private void otherServer(HeldMessage message) {
    try {
      if (!Presence.decode(message.payload()).online()) {
        announce(/* online= */ true);
      }
    } catch (MalformedMessageException malformed) {
      limited.warn(
          LimitedLog.LogKind.CONTROL, "the presence of a server is malformed: {}", malformed);
    }
  }

  private void run() {
    try {
      for (List<Turn<List<byte[]>>> turns = unread.take(ALL);
          !turns.isEmpty();
          turns = unread.take(ALL)) {
        turns.forEach(turn -> turn.value().forEach(payload -> greet(turn.name(), payload)));
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private void greet(String instance, byte[] payload) {
    room(payload).leave(payload.length);
    try {
      Hello hello = Hello.decode(payload);
      // The keys first: an instance that waits for them refuses calls meanwhile.
      if (hello.keysWanted()) {
        snapshots.ask(instance);
      }
      // Who only looks whether a server answers has no stream that could be followed.
      if (!hello.stream().equals(UsageBatch.PROBE)) {
        hellos.said(instance, hello);
      }
    } catch (MalformedMessageException malformed) {
      counts.add(Family.HELLOS, "malformed");
      limited.warn(
          LimitedLog.LogKind.CONTROL,
          "a sign of life of {} is malformed: {}",
          instance,
          malformed.getMessage());
    } catch (RuntimeException | StackOverflowError defect) {
      // Without its text, which may quote what the message holds.
      counts.add(Family.HELLOS, "malformed");
      limited.error(
          LimitedLog.LogKind.DEFECT,
          "a sign of life of {} could not be read: {}",
          instance,
          defect.getClass().getName());
    }
  }

  private void announce(boolean online) {
    byte[] presence = Presence.of(online).withLedger(ledger).encode();
    var unused =
        link.publish(topics.collector(), presence, /* retain= */ true)
            .exceptionally(
                failed -> {
                  log.debug("the presence was not sent: {}", failed.toString());
                  return null;
                });
  }
}
