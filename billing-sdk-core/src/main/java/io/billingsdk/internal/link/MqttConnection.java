package io.billingsdk.internal.link;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientExecutorConfig;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttClientTransportConfigBuilder;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAckReasonCode;
import io.billingsdk.BillingException;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.Credentials;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.MessageLog;
import io.billingsdk.internal.link.PublishResult.Outcome;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.protocol.Gzip;
import io.reactivex.disposables.Disposable;
import io.reactivex.schedulers.Schedulers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt with one client object of the MQTT library, never used twice: after a session ends
 * the library forgets its subscriptions and its credentials, and reports neither.
 *
 * <p>A session that ends with the connection (clean start, expiry 0) makes the library fail what is
 * in flight at once, instead of keeping it in memory through an outage: the journal is the only
 * queue.
 */
final class MqttConnection implements Connector.Connection {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.CONNECTION);

  private final MessageLog messageLog = new MessageLog(log);

  /** Key updates of protocol v1 hold the whole table; beyond this the broker drops them. */
  private static final int INCOMING_PACKET_BYTES = 8 << 20;

  private static final int INCOMING_RECEIVE_MAXIMUM = 100;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  /** What fails inside, in words; one for all, since one missing class fails in many places. */
  private static final String WHAT = "the connection to the broker";

  private final LinkSettings settings;
  private final Scheduler scheduler;
  private final Executor eventLoop;
  private final Executor callbacks;
  private final Connector.Events events;
  private final Faults faults;
  private final FailureClassifier classifier;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Null until the attempt is prepared. */
  private volatile @Nullable Mqtt5AsyncClient client;

  /** The flow of messages, which the library ends only where a session has begun. */
  private volatile @Nullable Disposable messages;

  MqttConnection(
      LinkSettings settings,
      Scheduler scheduler,
      Executor eventLoop,
      Executor callbacks,
      Connector.Events events,
      Faults faults) {
    this.settings = settings;
    this.scheduler = scheduler;
    this.eventLoop = eventLoop;
    this.callbacks = callbacks;
    this.events = events;
    this.faults = faults;
    this.classifier = new FailureClassifier(settings.host(), settings.clientId());
  }

  Failure classify(Throwable thrown) {
    return classifier.classify(thrown);
  }

  void connect(MqttConnector.Preparation preparation) {
    if (ended.get()) {
      return;
    }
    try {
      connectTo(build(preparation));
    } catch (RuntimeException refused) {
      // Its message is left out, because it quotes. Untold, this attempt would be the last.
      fail(
          new BillingException(
              "MQTT does not allow this user name, client id or topic ("
                  + refused.getClass().getSimpleName()
                  + ")"));
    }
  }

  private void connectTo(Mqtt5AsyncClient created) {
    client = created;
    // Before connecting: a message that finds no flow is acknowledged and thrown away.
    messages =
        created
            .toRx()
            .publishes(MqttGlobalPublishFilter.ALL)
            .subscribe(this::received, this::endOfMessages);
    var unused =
        created
            .connect(connectPacket())
            .thenCompose(connAck -> subscribe(created, connAck))
            .whenComplete((limits, failure) -> guarded(() -> connected(limits, failure)));
  }

  @Override
  public void publish(OutgoingMessage message, Consumer<PublishResult> callback) {
    Mqtt5AsyncClient current = client;
    if (current == null) {
      callback.accept(PublishClassifier.classify(null, new IllegalStateException()));
      return;
    }
    try {
      var unused =
          current
              .publish(packet(message))
              .whenComplete((result, thrown) -> callback.accept(resultOf(result, thrown)));
    } catch (Throwable thrown) {
      // Untold, what was to be sent would wait for an answer in vain.
      callback.accept(unsent(thrown));
    }
  }

  private PublishResult resultOf(@Nullable Mqtt5PublishResult result, @Nullable Throwable thrown) {
    try {
      return Faults.errorIn(thrown) == null
          ? PublishClassifier.classify(result, thrown)
          : unsent(thrown);
    } catch (Throwable failed) {
      return unsent(failed);
    }
  }

  private PublishResult unsent(@Nullable Throwable thrown) {
    Throwable failed = thrown == null ? new IllegalStateException() : thrown;
    return new PublishResult(Outcome.UNKNOWN, faults.caught(WHAT, failed));
  }

  private static Mqtt5Publish packet(OutgoingMessage message) {
    Mqtt5PublishBuilder.Complete packet =
        Mqtt5Publish.builder()
            .topic(message.topic())
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(message.payload())
            .contentType("application/json");
    if (message.isCompressed()) {
      packet.userProperties().add(Gzip.PROPERTY, Gzip.VALUE).applyUserProperties();
    }
    return packet.build();
  }

  @Override
  public CompletableFuture<Void> close() {
    ended.set(true);
    Mqtt5AsyncClient current = client;
    if (current == null) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return disconnect(current);
    } catch (Throwable thrown) {
      faults.caught(WHAT, thrown);
      return CompletableFuture.completedFuture(null);
    } finally {
      endMessages();
    }
  }

  /** Left alone, it would keep the event loop and its thread of an attempt that has failed. */
  private void endMessages() {
    Disposable flow = messages;
    if (flow != null) {
      flow.dispose();
    }
  }

  private void endOfMessages(Throwable ended) {
    log.trace("no more messages: {}", ended.toString());
  }

  private CompletableFuture<Void> disconnect(Mqtt5AsyncClient connected) {
    return Timeouts.within(CLOSE_TIMEOUT, scheduler, connected.disconnect())
        .exceptionally(
            failure -> {
              log.trace("disconnect: {}", failure.toString());
              return null;
            });
  }

  private Mqtt5AsyncClient build(MqttConnector.Preparation preparation) {
    RxThreads.prepare();
    NettyLogs.prepare();
    Mqtt5ClientBuilder builder =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(settings.clientId())
            .executorConfig(
                MqttClientExecutorConfig.builder()
                    .nettyExecutor(eventLoop)
                    .nettyThreads(1)
                    .applicationScheduler(Schedulers.from(callbacks))
                    .build())
            .transportConfig(transport(preparation.tls()).build())
            .addDisconnectedListener(context -> guarded(() -> fail(context.getCause())));
    Credentials credentials = preparation.credentials();
    if (credentials != null) {
      builder
          .simpleAuth()
          .username(credentials.username())
          .password(credentials.password().getBytes(StandardCharsets.UTF_8))
          .applySimpleAuth();
    }
    return builder.buildAsync();
  }

  private MqttClientTransportConfigBuilder transport(@Nullable TlsMaterial tls) {
    long timeoutMillis = settings.connectTimeout().toMillis();
    MqttClientTransportConfigBuilder transport =
        com.hivemq.client.mqtt.MqttClientTransportConfig.builder()
            .serverHost(settings.host())
            .serverPort(settings.port())
            .socketConnectTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .mqttConnectTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
    if (tls == null) {
      return transport;
    }
    // No verifier of our own: giving one would turn the built-in check of the host name off.
    return transport.sslConfig(
        MqttClientSslConfig.builder()
            .protocols(List.of("TLSv1.3", "TLSv1.2"))
            .trustManagerFactory(tls.trust())
            .keyManagerFactory(tls.identity())
            .handshakeTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .build());
  }

  private Mqtt5Connect connectPacket() {
    return Mqtt5Connect.builder()
        .cleanStart(true)
        .sessionExpiryInterval(0)
        .keepAlive((int) settings.keepAlive().toSeconds())
        .restrictions()
        .receiveMaximum(INCOMING_RECEIVE_MAXIMUM)
        .maximumPacketSize(INCOMING_PACKET_BYTES)
        .applyRestrictions()
        .build();
  }

  private CompletableFuture<LinkLimits> subscribe(Mqtt5AsyncClient connected, Mqtt5ConnAck ack) {
    LinkLimits limits =
        new LinkLimits(
            ack.getRestrictions().getReceiveMaximum(),
            ack.getRestrictions().getMaximumPacketSize());
    Subscriptions wanted = settings.subscriptions().get();
    List<Mqtt5Subscription> subscriptions =
        wanted.filters().stream()
            .map(f -> Mqtt5Subscription.builder().topicFilter(f).qos(MqttQos.AT_LEAST_ONCE).build())
            .toList();
    return Timeouts.within(
            settings.connectTimeout(),
            scheduler,
            connected.subscribe(Mqtt5Subscribe.builder().addSubscriptions(subscriptions).build()))
        .handle(
            (granted, refused) -> {
              if (refused != null && !isEnough(wanted, refused)) {
                throw new CompletionException(refused);
              }
              return limits;
            });
  }

  /** The library throws when one of the subscriptions is refused, granted the others or not. */
  private static boolean isEnough(Subscriptions wanted, Throwable refused) {
    Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
    if (!(cause instanceof Mqtt5SubAckException refusal)) {
      return false;
    }
    List<Mqtt5SubAckReasonCode> codes = refusal.getMqttMessage().getReasonCodes();
    List<String> filters = wanted.filters();
    Map<String, Boolean> granted = new HashMap<>();
    for (int i = 0; i < filters.size() && i < codes.size(); i++) {
      granted.put(filters.get(i), !codes.get(i).isError());
    }
    return wanted.satisfiedBy(granted);
  }

  private void connected(@Nullable LinkLimits limits, @Nullable Throwable failure) {
    if (ended.get()) {
      // Closed while connecting, when there was nothing to disconnect yet.
      var unused = close();
      return;
    }
    if (limits != null) {
      events.up(limits);
      return;
    }
    fail(failure == null ? new IllegalStateException("no limits") : failure);
    var unused = close();
  }

  /** Runs a callback of a library; a failure in it ends this attempt, and is reported. */
  void guarded(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable thrown) {
      failInside(thrown);
    }
  }

  /** Tells the first end only: a refused subscription is followed by a disconnect of our own. */
  void fail(Throwable cause) {
    if (Faults.errorIn(cause) != null) {
      failInside(cause);
    } else if (ended.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      events.failed(classify(cause));
    }
  }

  /** Not by the classifier: it may be the one that cannot be loaded. */
  private void failInside(Throwable thrown) {
    String message = faults.caught(WHAT, thrown);
    if (ended.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      events.failed(Failure.soon(ProblemKind.LOCAL, message));
    }
    var unused = close();
  }

  private void received(Mqtt5Publish publish) {
    try {
      events.received(publish.getTopic().toString(), publish.getPayloadAsBytes());
    } catch (Throwable thrown) {
      // Out of here it would end the flow of messages for good, and nobody would learn of it.
      if (Faults.errorIn(thrown) != null) {
        faults.caught("the handling of a message", thrown);
      } else {
        messageLog.error("a message on {} could not be handled", publish.getTopic(), thrown);
      }
    }
  }
}
