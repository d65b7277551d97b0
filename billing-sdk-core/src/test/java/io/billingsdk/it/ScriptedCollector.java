package io.billingsdk.it;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.Gzip;
import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.LeaseGrant;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.TestBroker;
import io.billingsdk.testbed.WireSpy;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A billing system of protocol v2 that keeps its ledger in memory: answers batches by receipts, and
 * requests for keys by a snapshot in two chunks. It can lose and double its receipts.
 */
final class ScriptedCollector implements AutoCloseable {
  private static final UUID LEDGER = new UUID(6, 6);
  private static final V2Topics TOPICS = V2Topics.under("billing");

  private final WireSpy spy;
  private final Thread thread;
  private final Map<String, ReceivedEvent.Valid> ledger = new HashMap<>();
  private final List<SpiedMessage> usage = new CopyOnWriteArrayList<>();
  private final List<Hello> hellos = new CopyOnWriteArrayList<>();
  private final Random random = new Random(1);
  private volatile boolean stopping;
  private volatile double receiptsLost;
  private volatile List<KeyRecord> keys = List.of();
  private volatile long keysVersion = 1;
  private final List<LeaseRequest> leaseRequests = new CopyOnWriteArrayList<>();
  private volatile long granted;
  private int duplicates;

  private ScriptedCollector(TestBroker broker) {
    spy =
        WireSpy.on(
            broker,
            Role.SYSTEM,
            TOPICS.usageFilter(),
            TOPICS.helloFilter(),
            TOPICS.leaseRequestsFilter());
    thread = new Thread(this::run, "scripted-collector");
    thread.setDaemon(true);
  }

  /** Subscribed, and shown to be there. */
  static ScriptedCollector on(TestBroker broker) {
    ScriptedCollector collector = new ScriptedCollector(broker);
    collector.spy.awaitSubscribed(Clients.PATIENCE);
    collector.thread.start();
    collector.presence(/* online= */ true);
    return collector;
  }

  void presence(boolean online) {
    spy.publish(TOPICS.collector(), Presence.of(online).encode(), /* retain= */ true);
  }

  /** Of the receipts, so many are lost, and as many come twice. */
  void loseReceipts(double share) {
    receiptsLost = share;
  }

  /** So much of each quota is leased to each instance, once; nothing is left then. */
  void lease(long amount) {
    granted = amount;
  }

  List<LeaseRequest> leaseRequests() {
    return leaseRequests;
  }

  private LeaseGrant grant(LeaseRequest request) {
    List<LeaseGrant.Lease> leases = new ArrayList<>();
    for (LeaseRequest.Ask ask : request.asks()) {
      long now = System.currentTimeMillis();
      leases.add(
          new LeaseGrant.Lease(
              ask.quota(),
              "e-" + ask.quota(),
              BigDecimal.valueOf(granted),
              60_000,
              now - 3_600_000,
              now + 3_600_000,
              BigDecimal.valueOf(granted),
              BigDecimal.valueOf(granted),
              LeaseGrant.Refusal.EXHAUSTED,
              1_000));
    }
    return new LeaseGrant(request.number(), request.stream(), LEDGER, leases, List.of());
  }

  void keys(long version, KeyRecord... records) {
    keys = List.of(records);
    keysVersion = version;
  }

  /** Tells all of a change. */
  void change(long since, long version, KeyRecord record) {
    spy.publish(TOPICS.keys(), KeyFeedMessage.change(since, version, List.of(record)).encode());
  }

  synchronized List<ReceivedEvent.Valid> ledger() {
    return List.copyOf(ledger.values());
  }

  synchronized int duplicates() {
    return duplicates;
  }

  List<SpiedMessage> usage() {
    return usage;
  }

  List<Hello> hellos() {
    return hellos;
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join(10_000);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    spy.close();
  }

  private void run() {
    int seen = 0;
    while (!stopping) {
      int next = seen;
      Await.until(Duration.ofDays(1), () -> stopping || spy.messages().size() > next);
      List<SpiedMessage> all = spy.messages();
      for (; seen < all.size(); seen++) {
        handle(all.get(seen));
      }
    }
  }

  private void handle(SpiedMessage message) {
    String instance = TOPICS.instanceOf(message.topic()).orElseThrow();
    try {
      if (message.topic().endsWith("/usage")) {
        usage.add(message);
        Receipt receipt = store(UsageBatch.decode(expanded(message)));
        int times = random.nextDouble() < receiptsLost ? 2 * random.nextInt(2) : 1;
        for (int i = 0; i < times; i++) {
          spy.publish(TOPICS.receipts(instance), receipt.encode());
        }
      } else if (V2Topics.isLeaseRequests(message.topic())) {
        LeaseRequest request = LeaseRequest.decode(message.payload());
        leaseRequests.add(request);
        spy.publish(TOPICS.leases(instance), grant(request).encode());
      } else {
        Hello hello = Hello.decode(message.payload());
        hellos.add(hello);
        if (hello.keysWanted()) {
          sendKeys(instance);
        }
      }
    } catch (IOException malformed) {
      throw new AssertionError("a client sent something malformed", malformed);
    }
  }

  private void sendKeys(String instance) {
    List<KeyRecord> all = keys;
    int half = all.size() / 2;
    for (int chunk = 2; chunk >= 1; chunk--) {
      List<KeyRecord> part = chunk == 1 ? all.subList(0, half) : all.subList(half, all.size());
      spy.publish(
          TOPICS.keys(instance),
          new KeyFeedMessage(true, keysVersion, 0, chunk, 2, part, 0).encode());
    }
  }

  private static byte[] expanded(SpiedMessage message) throws IOException {
    return message.userProperties().contains(Map.entry(Gzip.PROPERTY, Gzip.VALUE))
        ? Gzip.expand(message.payload(), Bounds.BATCH_BYTES)
        : message.payload();
  }

  private synchronized Receipt store(UsageBatch batch) {
    TreeSet<Long> committed = new TreeSet<>();
    TreeSet<Long> known = new TreeSet<>();
    List<Receipt.Rejection> rejected = new ArrayList<>();
    for (ReceivedEvent event : batch.events()) {
      if (event instanceof ReceivedEvent.Valid valid && !valid.model().equals("refused")) {
        boolean first = ledger.putIfAbsent(batch.stream() + "/" + event.seq(), valid) == null;
        (first ? committed : known).add(event.seq());
        duplicates += first ? 0 : 1;
      } else {
        rejected.add(new Receipt.Rejection(event.seq(), "MODEL_UNKNOWN", /* retryable= */ false));
      }
    }
    return new Receipt(
        batch.stream(), SeqRange.covering(committed), SeqRange.covering(known), rejected);
  }
}
