package io.billingsdk.broker;

import static java.util.Objects.requireNonNull;

import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import com.hivemq.extension.sdk.api.packets.general.Qos;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import com.hivemq.extension.sdk.api.services.session.ClientService;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT 5 broker in this JVM, on 127.0.0.1: HiveMQ Community Edition with users, topic rules and
 * TLS.
 *
 * <ul>
 *   <li><b>Nobody by default.</b> A client needs a declared user and its password; a topic needs a
 *       {@link TopicRule}. A wrong password gets the CONNACK code BAD_USER_NAME_OR_PASSWORD. A
 *       publish without a rule gets the PUBACK code NOT_AUTHORIZED and then a DISCONNECT, which is
 *       what HiveMQ does; a subscription without a rule gets a SUBACK code and no DISCONNECT.
 *   <li><b>TLS is 1.3 or 1.2,</b> never older.
 *   <li><b>Publishes can be handed over</b> to this process instead of to subscribers, and be
 *       acknowledged by it ({@link EmbeddedBrokerBuilder#handover}).
 *   <li><b>Nothing survives.</b> Sessions and queued messages are in memory and are gone with
 *       {@link #close()}; users and changed passwords are kept by this object.
 *   <li><b>The host stays the host's.</b> Usage statistics are off, the default uncaught exception
 *       handler is put back after each start, and logging is left alone with one exception: where
 *       Logback is bound and nobody has set a level, HiveMQ's loggers that report starts and stops
 *       get the level WARN. HiveMQ's jar contains a {@code logback.xml}; an application should
 *       bring its own and name it in {@code logback.configurationFile}.
 * </ul>
 *
 * <p>It is no production broker: one node, no persistence, and a queue per client that drops what
 * exceeds its limit although it was acknowledged.
 *
 * <p>Lifecycle: {@link #start()}, {@link #close()}, then {@link #start()} again on the same port.
 * Threads of the broker are not daemons: a JVM with a started broker does not end by itself.
 *
 * <p>Thread-safe.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final long CALL_TIMEOUT_SECONDS = 30;
  private static final String NOT_STARTED = "the broker is not started";

  private final BrokerSettings settings;
  private final Object lock = new Object();

  /** Changed under the lock. */
  private volatile @Nullable RunningBroker running;

  /** 0 until the first start has found one; then kept, so that a restart is found again. */
  private volatile int port;

  EmbeddedBroker(BrokerSettings settings, int port) {
    this.settings = settings;
    this.port = port;
  }

  /** A builder without TLS, users or rules: {@code build()} asks for a decision on each. */
  public static EmbeddedBrokerBuilder builder() {
    return new EmbeddedBrokerBuilder();
  }

  /**
   * Deletes the data directory of a broker that does not run; does nothing when there is none. A
   * process that was killed leaves its key store in it, until the next start there.
   */
  public static void forgetRun(Path dataDirectory) throws IOException {
    PrivateFiles.deleteTree(dataDirectory);
  }

  /**
   * Starts the broker and returns when its port accepts connections. The first start in a JVM loads
   * some thousand classes and can take many seconds on a slow machine; later ones are fast.
   *
   * @throws IllegalStateException when it is started already, or the port cannot be bound
   */
  public void start() {
    synchronized (lock) {
      if (running != null) {
        throw new IllegalStateException("the broker is already started, on port " + port);
      }
      RunningBroker started = RunningBroker.start(settings, port);
      running = started;
      port = started.port();
    }
  }

  /**
   * The port: the bound one once the broker has been started, also while it is closed.
   *
   * @throws IllegalStateException when the port was left to the system and the broker was never
   *     started
   */
  public int port() {
    if (port == 0) {
      throw new IllegalStateException("the broker has no port before its first start");
    }
    return port;
  }

  /** Whether the broker is started and not closed. */
  public boolean isRunning() {
    synchronized (lock) {
      return running != null;
    }
  }

  /**
   * Changes a user's password for connections from now on; those that exist stay.
   *
   * @throws IllegalArgumentException when no such user was declared
   */
  public void replacePassword(String user, String newPassword) {
    requireNonNull(user, "user");
    EmbeddedBrokerBuilder.requirePassword("newPassword", newPassword);
    settings.users().replacePassword(user, newPassword);
  }

  /**
   * Declares another user, also while the broker runs.
   *
   * @throws IllegalArgumentException when the name is declared already, or is blank
   */
  public void addUser(String name, String password, List<TopicRule> rules) {
    Certificates.requireName("name", name);
    EmbeddedBrokerBuilder.requirePassword("password", password);
    settings.users().add(name, password, List.copyOf(rules), ClientIdRule.ANY);
  }

  /**
   * Declares a user that may connect under one client id alone, which is its name; under any other
   * it gets the CONNACK code CLIENT_IDENTIFIER_NOT_VALID. Also while the broker runs.
   *
   * @throws IllegalArgumentException when the name is declared already, or is blank
   */
  public void addBoundUser(String clientId, String password, List<TopicRule> rules) {
    Certificates.requireName("clientId", clientId);
    EmbeddedBrokerBuilder.requirePassword("password", password);
    settings.users().add(clientId, password, List.copyOf(rules), ClientIdRule.OWN_NAME);
  }

  /**
   * Declares a user that may connect under any client id or none, and several times at once. Its
   * clients have ids of their own: the broker knows each as {@code NAME/ID}, so that none can take
   * over the session of another user's. Two with the same id end each other's connections, as
   * always. Also while the broker runs.
   *
   * @param name not blank, without a slash
   * @throws IllegalArgumentException when the name is declared already, or cannot be one
   */
  public void addSharedUser(String name, String password, List<TopicRule> rules) {
    Certificates.requireName("name", name);
    if (name.indexOf(ClientIdRule.SEPARATOR) >= 0) {
      throw new IllegalArgumentException("name must be without a slash, but is " + name);
    }
    EmbeddedBrokerBuilder.requirePassword("password", password);
    settings.users().add(name, password, List.copyOf(rules), ClientIdRule.BELOW_NAME);
  }

  /**
   * Forgets a user: it is refused from now on. Its connections stay; see {@link #disconnect}.
   *
   * @return whether it was declared
   */
  public boolean removeUser(String name) {
    return settings.users().remove(requireNonNull(name, "name"));
  }

  /** The ids of the clients that are connected now, sorted. */
  public Set<String> connectedClients() {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    await(
        clients()
            .iterateAllClients(
                (context, session) -> {
                  if (session.isConnected()) {
                    ids.add(session.getClientIdentifier());
                  }
                }));
    return new TreeSet<>(ids);
  }

  /**
   * Ends a client's connection with a DISCONNECT; its will is not published.
   *
   * @return whether the client was connected
   */
  public boolean disconnect(String clientId, DisconnectReasonCode reason) {
    requireNonNull(clientId, "clientId");
    requireNonNull(reason, "reason");
    Boolean found = await(clients().disconnectClient(clientId, true, reason, null));
    return found != null && found;
  }

  /**
   * Ends all connections of a user of {@link #addSharedUser}, also when it was removed.
   *
   * @return how many there were
   */
  public int disconnectShared(String name, DisconnectReasonCode reason) {
    String begin = requireNonNull(name, "name") + ClientIdRule.SEPARATOR;
    int ended = 0;
    for (String clientId : connectedClients()) {
      if (clientId.startsWith(begin) && disconnect(clientId, reason)) {
        ended++;
      }
    }
    return ended;
  }

  /**
   * Publishes a message to its subscribers with QoS 1, without a connection. Messages of one thread
   * reach a subscriber in their order.
   *
   * @param contentType such as {@code application/json}
   * @return completes when the broker has queued it for all of them; exceptionally when it has not,
   *     or is not started
   */
  public CompletableFuture<Void> publish(
      String topic, byte[] payload, boolean retain, String contentType) {
    requireNonNull(topic, "topic");
    requireNonNull(payload, "payload");
    RunningBroker now = runningNow();
    if (now == null) {
      return CompletableFuture.failedFuture(new IllegalStateException(NOT_STARTED));
    }
    return now.publishes()
        .publish(
            Builders.publish()
                .topic(topic)
                .payload(ByteBuffer.wrap(payload))
                .qos(Qos.AT_LEAST_ONCE)
                .retain(retain)
                .contentType(contentType)
                .build());
  }

  /**
   * How many messages the broker keeps for a client: those that wait, and those that it has not
   * acknowledged.
   */
  public CompletableFuture<Integer> waitingFor(String clientId) {
    requireNonNull(clientId, "clientId");
    RunningBroker now = runningNow();
    return now == null
        ? CompletableFuture.failedFuture(new IllegalStateException(NOT_STARTED))
        : now.waitingFor(clientId);
  }

  /**
   * Bytes of publishes that were handed over and are not settled; 0 when nothing is handed over.
   */
  public long heldBytes() {
    Handovers handovers = handovers();
    return handovers == null ? 0 : handovers.budget().held();
  }

  /** Connections that are not read until there is room for what they hand over. */
  public int stoppedConnections() {
    Handovers handovers = handovers();
    return handovers == null ? 0 : handovers.budget().waiting();
  }

  /**
   * Ends the connections whose clients wait for a PUBACK of a publish that was handed over; returns
   * at once. For a receiver that stops while the broker goes on.
   */
  public void disconnectUnanswered() {
    Handovers handovers = handovers();
    if (handovers != null) {
      handovers.endUnanswered();
    }
  }

  private @Nullable Handovers handovers() {
    RunningBroker now = runningNow();
    return now == null ? null : now.handovers();
  }

  /**
   * Disconnects all clients and stops the broker; returns when its port is free, after about two
   * seconds. Does nothing when it is not started. The broker can be started again.
   */
  @Override
  public void close() {
    synchronized (lock) {
      RunningBroker stopping = running;
      running = null;
      if (stopping != null) {
        stopping.close();
      }
    }
  }

  /** Where it listens and whether with TLS; no user and no password. */
  @Override
  public String toString() {
    String scheme = settings.certificate() == null ? "mqtt" : "mqtts";
    return "EmbeddedBroker[" + scheme + "://" + BrokerConfigXml.BIND_ADDRESS + ":" + port + "]";
  }

  private ClientService clients() {
    RunningBroker now = runningNow();
    if (now == null) {
      throw new IllegalStateException(NOT_STARTED);
    }
    return now.clients();
  }

  /** Without the lock, which a stop holds for seconds. */
  private @Nullable RunningBroker runningNow() {
    return running;
  }

  private static <T> @Nullable T await(CompletableFuture<T> future) {
    try {
      return future.get(CALL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refused the call", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("the broker did not answer the call", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the broker answered", e);
    }
  }
}
