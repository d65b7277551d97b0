package io.billingsdk.server.broker;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.broker.BrokerLink.ConnectionListener;
import io.billingsdk.server.common.LimitedLog;
import io.reactivex.schedulers.Schedulers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the broker that is made again whenever it is lost, each time with a new client
 * object of the MQTT library: an old one remembers what was not acknowledged, counts it against the
 * new session, and would be disconnected for it in a loop.
 *
 * <p>Messages are handed over unacknowledged; who gets one {@link HeldMessage#confirm confirms} it.
 * When the connection is lost all that are held are confirmed here: nothing leaves from then on,
 * and the broker delivers them again. Thread-safe.
 */
public final class BrokerConnection implements BrokerLink {
  private static final Logger log = LoggerFactory.getLogger(BrokerConnection.class);
  private static final LimitedLog limited = new LimitedLog(log);

  static final String CONTENT_TYPE = "application/json";

  private static final int KEEP_ALIVE_SECONDS = 15;
  private static final long TIMEOUT_SECONDS = 10;
  private static final long IDLE_SECONDS = 1;
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LAST_PAUSE_MILLIS = 10_000;

  private final BrokerAddress address;
  private final ConnectionSettings settings;
  private final ConnectionListener listener;
  private final ReceiveWindow window;
  private final ScheduledExecutorService states;
  private final ExecutorService eventLoop;
  private final ExecutorService callbacks;
  private final Set<SubscribedMessage> held = ConcurrentHashMap.newKeySet();

  // Confined to the thread of states, except reads of client.
  private volatile @Nullable Mqtt5AsyncClient client;
  private volatile boolean up;
  private volatile boolean closed;
  private final AtomicInteger connections = new AtomicInteger();
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private String lastProblem = "";

  /** A connection to be started. */
  public BrokerConnection(
      BrokerAddress address, ConnectionSettings settings, ConnectionListener listener) {
    this.address = address;
    this.settings = settings;
    this.listener = listener;
    this.window = new ReceiveWindow(settings.receiveMaximum());
    this.states = Executors.newSingleThreadScheduledExecutor(daemon("state"));
    this.eventLoop = Executors.newCachedThreadPool(daemon("mqtt"));
    ThreadPoolExecutor messages =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemon("messages"));
    messages.allowCoreThreadTimeOut(true);
    this.callbacks = messages;
  }

  @Override
  public void start() {
    states.execute(this::attempt);
  }

  @Override
  public boolean isUp() {
    return up;
  }

  @Override
  public int connections() {
    return connections.get();
  }

  /** Messages that were handed over and are not confirmed. */
  public int held() {
    return held.size();
  }

  @Override
  public CompletableFuture<Void> publish(String topic, byte[] payload, boolean retain) {
    Mqtt5AsyncClient current = client;
    // Before the first CONNACK the library would block the caller, for ever.
    if (!up || current == null) {
      return CompletableFuture.failedFuture(new IOException("not connected"));
    }
    return current
        .publish(message(topic, payload, retain))
        .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .thenAccept(
            result ->
                result
                    .getError()
                    .ifPresent(
                        error -> log.debug("a message on {} was refused: {}", topic, error)));
  }

  /** Disconnects for good; a Will is not sent. Messages still held are left to the broker. */
  @Override
  public void close() {
    closed = true;
    up = false;
    Mqtt5AsyncClient current = client;
    if (current != null) {
      try {
        current.disconnect().orTimeout(2, TimeUnit.SECONDS).exceptionally(gone -> null).join();
      } catch (RuntimeException gone) {
        log.debug("disconnect: {}", gone.toString());
      }
    }
    // The others are left to run dry: the library still hands them its last tasks.
    states.shutdownNow();
  }

  static Mqtt5Publish message(String topic, byte[] payload, boolean retain) {
    return Mqtt5Publish.builder()
        .topic(topic)
        .qos(MqttQos.AT_LEAST_ONCE)
        .payload(payload)
        .retain(retain)
        .contentType(CONTENT_TYPE)
        .build();
  }

  private void attempt() {
    if (closed) {
      return;
    }
    try {
      connect(build());
    } catch (IOException | GeneralSecurityException | RuntimeException failed) {
      again(failed);
    }
  }

  private void connect(Mqtt5AsyncClient created) {
    client = created;
    // Before connecting: a message that finds no flow is acknowledged and thrown away.
    created.publishes(MqttGlobalPublishFilter.ALL, this::received, callbacks, true);
    var unused =
        created
            .connect(connectPacket())
            .thenCompose(connAck -> subscribe(created))
            .whenComplete((done, failure) -> onStates(() -> connected(created, failure)));
  }

  private CompletableFuture<?> subscribe(Mqtt5AsyncClient created) {
    List<Mqtt5Subscription> filters =
        settings.filters().stream()
            .map(f -> Mqtt5Subscription.builder().topicFilter(f).qos(MqttQos.AT_LEAST_ONCE).build())
            .toList();
    return filters.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : created
            .subscribe(Mqtt5Subscribe.builder().addSubscriptions(filters).build())
            .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .exceptionally(this::unlessOptional);
  }

  /** A broker whose rights are of an earlier version: everything but leases goes on. */
  private Mqtt5SubAck unlessOptional(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof Mqtt5SubAckException refused) {
      List<String> missing = new ArrayList<>();
      for (int i = 0; i < settings.filters().size(); i++) {
        if (refused.getMqttMessage().getReasonCodes().get(i).isError()) {
          missing.add(settings.filters().get(i));
        }
      }
      if (missing.stream().allMatch(V2Topics::isLeaseRequests)) {
        log.warn(
            "{}: the broker lets nobody subscribe to {}, so no quota is leased. Give the server the"
                + " rights of docs/brokers",
            settings.clientId(),
            missing);
        return refused.getMqttMessage();
      }
    }
    throw failure instanceof CompletionException wrapped
        ? wrapped
        : new CompletionException(failure);
  }

  private void connected(Mqtt5AsyncClient created, @Nullable Throwable failure) {
    if (created != client || closed) {
      return;
    }
    if (failure != null) {
      lost(created, failure);
      var unused = created.disconnect().exceptionally(gone -> null);
      return;
    }
    up = true;
    connections.incrementAndGet();
    pauseMillis = FIRST_PAUSE_MILLIS;
    lastProblem = "";
    log.info("{}: connected to {}:{}", settings.clientId(), address.host(), address.port());
    guarded(listener::up);
  }

  private void ended(Mqtt5AsyncClient which, Throwable cause) {
    if (window.widenAfter(cause)) {
      log.warn(
          "{}: the broker sends more messages at once than it may. Now it may send {}; see"
              + " docs/brokers",
          settings.clientId(),
          window.messages());
    }
    lost(which, cause);
  }

  private void lost(Mqtt5AsyncClient which, Throwable cause) {
    if (which != client) {
      return;
    }
    client = null;
    up = false;
    // One that is never confirmed would hold back all later ones, across connections.
    held.forEach(SubscribedMessage::confirm);
    guarded(listener::down);
    again(cause);
  }

  private void again(Throwable cause) {
    if (closed) {
      return;
    }
    String problem = String.valueOf(cause.getMessage());
    if (!problem.equals(lastProblem)) {
      lastProblem = problem;
      log.warn("{}: no connection to the broker: {}", settings.clientId(), problem);
    }
    long pause = pauseMillis + ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
    pauseMillis = Math.min(LAST_PAUSE_MILLIS, pauseMillis * 2);
    var unused = states.schedule(this::attempt, pause, TimeUnit.MILLISECONDS);
  }

  private void received(Mqtt5Publish publish) {
    SubscribedMessage message = new SubscribedMessage(publish, held::remove);
    held.add(message);
    try {
      listener.received(message);
    } catch (Throwable thrown) {
      // Out of here it would end the flow of messages for good, and nobody would learn of it.
      limited.error(
          LimitedLog.LogKind.DEFECT,
          "a message on {} could not be handled",
          publish.getTopic(),
          thrown);
      message.confirm();
    }
  }

  private Mqtt5AsyncClient build() throws IOException, GeneralSecurityException {
    Mqtt5AsyncClient[] self = new Mqtt5AsyncClient[1];
    Mqtt5ClientBuilder builder =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(settings.clientId())
            .serverHost(address.host())
            .serverPort(address.port())
            .sslConfig(
                MqttClientSslConfig.builder()
                    .protocols(List.of("TLSv1.3", "TLSv1.2"))
                    .trustManagerFactory(Trust.of(address.caPem()))
                    .handshakeTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .build())
            .executorConfig(
                MqttClientExecutorConfig.builder()
                    .nettyExecutor(eventLoop)
                    .nettyThreads(1)
                    .applicationScheduler(Schedulers.from(callbacks))
                    .build())
            .addDisconnectedListener(context -> onStates(() -> ended(self[0], context.getCause())));
    builder
        .simpleAuth()
        .username(address.user())
        .password(address.password().getBytes(StandardCharsets.UTF_8))
        .applySimpleAuth();
    if (settings.will() != null) {
      var unused = builder.willPublish(settings.will());
    }
    Mqtt5AsyncClient built = builder.buildAsync();
    self[0] = built;
    return built;
  }

  private Mqtt5Connect connectPacket() {
    return Mqtt5Connect.builder()
        .cleanStart(settings.sessionSeconds() == 0)
        .sessionExpiryInterval(settings.sessionSeconds())
        .keepAlive(KEEP_ALIVE_SECONDS)
        .restrictions()
        .receiveMaximum(window.messages())
        .maximumPacketSize(settings.maximumPacketBytes())
        .applyRestrictions()
        .build();
  }

  private void onStates(Runnable work) {
    try {
      states.execute(work);
    } catch (RejectedExecutionException atTheEnd) {
      log.debug("closed");
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException failed) {
      log.error("{}: a change of the connection could not be handled", settings.clientId(), failed);
    }
  }

  private ThreadFactory daemon(String what) {
    return work -> {
      Thread thread = new Thread(work, "billing-server-" + what + "-" + settings.clientId());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * What a connection asks for.
   *
   * @param clientId stays the same over restarts where a session is kept
   * @param sessionSeconds how long the broker keeps what was not acknowledged; 0 for no session
   * @param receiveMaximum messages that may be unacknowledged at once, until a broker ignores it
   * @param maximumPacketBytes the broker drops what is larger
   * @param will what the broker says when the connection is lost
   */
  public record ConnectionSettings(
      String clientId,
      List<String> filters,
      long sessionSeconds,
      int receiveMaximum,
      int maximumPacketBytes,
      @Nullable Mqtt5Publish will) {

    /** The list is copied. */
    public ConnectionSettings {
      filters = List.copyOf(filters);
    }

    /** The same with a Will: a retained message. */
    public ConnectionSettings withWill(String topic, byte[] payload) {
      return new ConnectionSettings(
          clientId,
          filters,
          sessionSeconds,
          receiveMaximum,
          maximumPacketBytes,
          BrokerConnection.message(topic, payload, /* retain= */ true));
    }
  }
}
