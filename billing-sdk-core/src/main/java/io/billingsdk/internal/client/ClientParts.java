package io.billingsdk.internal.client;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingException;
import io.billingsdk.BillingListener.DeadLetter;
import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.ClientStatus;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.ConnectionState;
import io.billingsdk.Durability;
import io.billingsdk.Protocol;
import io.billingsdk.WhenFull;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.delivery.Delivery;
import io.billingsdk.internal.delivery.DeliveryObserver;
import io.billingsdk.internal.delivery.DeliverySettings;
import io.billingsdk.internal.delivery.StreamSecrets;
import io.billingsdk.internal.journal.BlockingJournal;
import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.Journal;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.journal.Retention;
import io.billingsdk.internal.keys.KeyFeed;
import io.billingsdk.internal.keys.KeyKeeper;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.keys.VersionedKeyFeed;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.LinkObserver;
import io.billingsdk.internal.link.LinkSettings;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.SerialScheduler;
import io.billingsdk.protocol.EncodedEvent;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a client and the wires between them. Made whole by its constructor; inert. */
final class ClientParts {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  private final LinkSettings linkSettings;
  private final V1Topics topics;
  private final V2Topics v2Topics;
  private final String instance;
  private final Clock clock;
  private final Scheduler scheduler;
  private final Negotiation negotiation;
  private final Listeners listeners;
  private final StatusBoard board;
  private final SetAside setAside;
  private final Journal stored;
  private final Journal journal;
  private final KeyTable keys;
  private final Intake intake;
  private final Hellos hellos;
  private final BrokerLink link;
  private final Delivery delivery;
  private final VersionedKeyFeed versioned;
  private final Conversation conversation;
  private final SerialScheduler files;
  private final Runnable onFirstKeys;

  /** Null for a journal in memory: nothing is kept. */
  private final @Nullable KeyKeeper keeper;

  private final @Nullable ProtocolFile protocolFile;
  private final SecretFile secrets;

  private final @Nullable SmallFiles smallFiles;

  /**
   * Makes them all.
   *
   * @param given the journal; null for that of the configuration
   */
  ClientParts(
      BillingConfig config,
      @Nullable Journal given,
      Clock clock,
      Scheduler scheduler,
      Executor callbacks,
      Faults faults,
      Supplier<ClientStatus> status,
      Runnable onFirstKeys) {
    this.onFirstKeys = onFirstKeys;
    this.clock = clock;
    this.scheduler = scheduler;
    files = new SerialScheduler("billing-files", log, faults);
    topics = V1Topics.under(config.topicPrefix());
    v2Topics = V2Topics.under(config.topicPrefix());
    instance = config.clientId().orElseGet(ClientParts::randomClientId);
    negotiation = new Negotiation(config.protocol(), topics, v2Topics, instance);
    linkSettings = linkSettings(config, instance, negotiation);
    listeners = new Listeners(callbacks);
    board =
        new StatusBoard(
            config.host() + ":" + config.port(),
            clock,
            () -> {
              ClientStatus now = status.get();
              listeners.tell(listener -> listener.statusChanged(now));
            });
    faults.tell(board::failedInside);
    setAside = new SetAside(clock, board, wayBack(config));
    secrets =
        new SecretFile(config.journalInMemory().isPresent() ? null : config.journalDirectory());
    stored = given == null ? journal(config, clock) : given;
    journal = waiting(stored, config.whenFull());
    keys = new KeyTable(clock, config.maxKeyStaleness());
    link = BrokerLink.mqtt(linkSettings, faults, clock, scheduler, new OnLink());
    delivery =
        new Delivery(
            deliverySettings(config, topics.report(), v2Topics.usage(instance), secrets),
            journal,
            link,
            clock,
            scheduler,
            new OnDelivery());
    intake = new Intake(journal, keys, clock, negotiation::spoken, faults);
    hellos = new Hellos(journal, keys, intake, clock, config.journalInMemory().isEmpty(), secrets);
    RetrySchedule asking = retry(Duration.ofSeconds(10), Duration.ofMinutes(1));
    KeyFeed updates =
        new KeyFeed(
            keys,
            scheduler,
            asking,
            () -> send(topics.keysRequest(), V1Codec.keysRequest(clock.wallMillis())),
            this::keysUpdated);
    versioned =
        new VersionedKeyFeed(
            keys, clock, scheduler, asking, this::beat, this::versionedKeysUpdated);
    Optional<Path> directory =
        config.journalInMemory().isPresent()
            ? Optional.empty()
            : Optional.of(config.journalDirectory());
    protocolFile = directory.map(ProtocolFile::new).orElse(null);
    keeper =
        directory
            .map(d -> new KeyKeeper(keys, d, clock, scheduler, files, config.maxKeyStaleness()))
            .orElse(null);
    smallFiles =
        protocolFile == null || keeper == null
            ? null
            : new SmallFiles(protocolFile, keeper, secrets, negotiation, scheduler, files);
    conversation =
        new Conversation(
            topics,
            v2Topics,
            negotiation,
            this::rememberV2,
            scheduler,
            new Conversation.Parts(
                link,
                delivery,
                new Heartbeat(scheduler, config.heartbeatInterval(), this::beat),
                updates,
                versioned),
            board);
    journal.onAvailable(delivery::wake);
  }

  Listeners listeners() {
    return listeners;
  }

  StatusBoard board() {
    return board;
  }

  SetAside setAside() {
    return setAside;
  }

  Journal journal() {
    return journal;
  }

  KeyTable keys() {
    return keys;
  }

  Intake intake() {
    return intake;
  }

  BrokerLink link() {
    return link;
  }

  Delivery delivery() {
    return delivery;
  }

  /** Opens the journal; throws when its directory cannot be used. */
  void openJournal() {
    if (stored instanceof DurableJournal durable) {
      durable.erasingKeysBy(ClientParts::withoutKey, () -> negotiation.spoken() == Protocol.V2);
      durable.onProblem(board::failedInside, () -> scheduler.execute(this::lookAfterFiles));
      try {
        durable.start();
      } catch (IOException failed) {
        throw new BillingException("journalDirectory: " + failed.getMessage(), failed);
      }
    }
  }

  /** Takes up what earlier processes knew of the protocol and of the keys. Waits for the disk. */
  void recall() {
    secrets.open();
    if (protocolFile != null && negotiation.mayBeV2() && protocolFile.remembersV2()) {
      negotiation.sawV2();
    }
    if (keeper != null && negotiation.spoken() == Protocol.V2) {
      keeper.restore();
      if (keys.loaded()) {
        onFirstKeys.run();
      }
    }
  }

  private static byte[] withoutKey(byte[] event) {
    try {
      return EncodedEvent.withoutKey(event);
    } catch (MalformedMessageException notOurs) {
      return event;
    }
  }

  private void lookAfterFiles() {
    SmallFiles beside = smallFiles;
    if (beside != null) {
      beside.look();
    }
  }

  /** Begins to connect; on the scheduler's thread. */
  void begin() {
    if (smallFiles != null) {
      smallFiles.begin();
    }
    conversation.begin();
    link.start();
  }

  /** The protocol in use. */
  Protocol protocol() {
    return negotiation.spoken();
  }

  /**
   * Throws when a PEM file cannot be used: it would never work, so the start is the time to say.
   */
  void verifyFiles() {
    if (linkSettings.tls() != null) {
      linkSettings.tls().verify();
    }
  }

  /** Disconnects for good; on the scheduler's thread. */
  CompletableFuture<Void> stop() {
    if (smallFiles != null) {
      smallFiles.end();
    }
    if (keeper != null) {
      keeper.close();
    }
    conversation.down();
    return link.close();
  }

  /** Waits until the threads of the link have ended; not on the scheduler's thread. */
  void awaitLinkEnd(Duration timeout) {
    try {
      if (!link.awaitEnd(timeout)) {
        log.trace("threads of the MQTT client have not ended within {}", timeout);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the last files; not on the scheduler's thread. */
  void closeFiles(Duration timeout) {
    files.shutdown(timeout);
  }

  /** The sign of life, in the protocol that is spoken. */
  private void beat() {
    if (negotiation.spoken() == Protocol.V2) {
      send(v2Topics.hello(instance), hellos.make(versioned.wanted()).encode());
    } else {
      send(topics.heartbeat(), V1Codec.heartbeat(clock.wallMillis()));
    }
  }

  private void rememberV2() {
    ProtocolFile file = protocolFile;
    if (file != null) {
      files.execute(file::rememberV2);
    }
  }

  private void send(String topic, byte[] payload) {
    // Lost, they are repeated: the request until it is answered, the heartbeat at its interval.
    link.publish(topic, payload, result -> log.trace("{}: {}", topic, result.outcome()));
  }

  private void keysUpdated(List<KeyChange> changes) {
    onFirstKeys.run();
    changes.forEach(change -> listeners.tell(listener -> listener.keyChanged(change)));
  }

  private void versionedKeysUpdated(List<KeyChange> changes) {
    if (keys.loaded()) {
      onFirstKeys.run();
    }
    KeyKeeper keeping = keeper;
    if (keeping != null) {
      scheduler.execute(keeping::changed);
    }
    changes.forEach(change -> listeners.tell(listener -> listener.keyChanged(change)));
  }

  private static Journal waiting(Journal stored, WhenFull whenFull) {
    return whenFull instanceof WhenFull.Block block
        ? new BlockingJournal(stored, block.atMost())
        : stored;
  }

  private static Journal journal(BillingConfig config, Clock clock) {
    Optional<Long> inMemory = config.journalInMemory();
    boolean dropOldest = config.whenFull() instanceof WhenFull.DropOldest;
    return inMemory.isPresent()
        ? new MemoryJournal(inMemory.get(), dropOldest)
        : DurableJournal.in(
            config.journalDirectory(),
            config.journalMaxBytes(),
            forceInterval(config.durability()),
            config.journalMinFreeBytes(),
            dropOldest,
            retention(config),
            config.recreateJournal(),
            clock);
  }

  private static @Nullable Retention retention(BillingConfig config) {
    Duration time = config.retainDelivered();
    return time.isZero() ? null : new Retention(time, config.retainDeliveredBytes());
  }

  private static @Nullable Duration forceInterval(Durability durability) {
    if (durability instanceof Durability.Interval interval) {
      return interval.atMost();
    }
    return durability instanceof Durability.EveryWrite ? Duration.ZERO : null;
  }

  private static LinkSettings linkSettings(
      BillingConfig config, String instance, Negotiation negotiation) {
    return new LinkSettings(
        config.host(),
        config.port(),
        instance,
        config.allowInsecure()
            ? null
            : new LinkSettings.Tls(
                config.caCertificates().orElse(null),
                config.clientCertificate().orElse(null),
                config.clientKey().orElse(null)),
        config.credentials().orElse(null),
        config.connectTimeout(),
        config.keepAlive(),
        negotiation::subscriptions);
  }

  private static DeliverySettings deliverySettings(
      BillingConfig config, String reportTopic, String usageTopic, StreamSecrets secrets) {
    return new DeliverySettings(
        reportTopic,
        usageTopic,
        config.windowMessages(),
        config.windowBytes(),
        config.publishTimeout(),
        retry(Duration.ofMillis(500), Duration.ofSeconds(30)),
        retry(Duration.ofSeconds(30), Duration.ofMinutes(5)),
        retry(Duration.ofSeconds(10), Duration.ofMinutes(5)),
        secrets);
  }

  private static RetrySchedule retry(Duration first, Duration last) {
    return new RetrySchedule(first, last, () -> ThreadLocalRandom.current().nextDouble());
  }

  private static String randomClientId() {
    return "billing-" + Long.toHexString(new java.security.SecureRandom().nextLong());
  }

  private static String wayBack(BillingConfig config) {
    return config.journalInMemory().isPresent()
        ? "they are kept in memory, and end with this process"
        : "when the cause is mended, bring them back: billing journal replay --dead "
            + config.journalDirectory().toAbsolutePath().normalize();
  }

  /** The link is made before those who are told. */
  private final class OnLink implements LinkObserver {
    @Override
    public void up(LinkLimits limits) {
      conversation.up(limits);
    }

    @Override
    public void down() {
      conversation.down();
    }

    @Override
    public void received(String topic, byte[] payload) {
      conversation.received(topic, payload);
    }

    @Override
    public void state(ConnectionState state, @Nullable ProblemKind kind, String message) {
      board.connection(state, kind, message);
    }
  }

  /** Passes on what the delivery tells. */
  private final class OnDelivery implements DeliveryObserver {
    @Override
    public void holding(ProblemKind kind, String why) {
      board.hindered(kind, why);
    }

    @Override
    public void delivering() {
      board.unhindered();
    }

    @Override
    public void deadLettered(long seq, String why) {
      setAside.event(seq, why);
      listeners.tell(listener -> listener.eventDeadLettered(new DeadLetter(seq, why)));
    }

    @Override
    public void settled(int delivered, int refused, String why) {
      setAside.settled(delivered, refused, why);
    }

    @Override
    public void deferred(long events, String code) {
      setAside.deferred(events, code);
    }
  }
}
