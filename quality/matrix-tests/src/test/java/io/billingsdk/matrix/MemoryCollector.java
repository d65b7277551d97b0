package io.billingsdk.matrix;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.KeyFeedMessage;
import io.billingsdk.protocol.KeyRecord;
import io.billingsdk.protocol.MalformedMessageException;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A billing system of protocol v2 that gives out keys, and keeps what each instance reports. */
final class MemoryCollector implements AutoCloseable {
  private static final V2Topics TOPICS = V2Topics.under("billing");

  private final WireSpy spy;
  private final List<KeyRecord> keys;
  private final Map<String, Map<String, ReceivedEvent.Valid>> ledgers = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "memory-collector");
  private volatile boolean stopping;

  private MemoryCollector(TestBroker broker, List<KeyRecord> keys) {
    this.keys = keys;
    this.spy = WireSpy.on(broker, Role.SYSTEM, TOPICS.usageFilter(), TOPICS.helloFilter());
    thread.setDaemon(true);
  }

  static MemoryCollector on(TestBroker broker, List<KeyRecord> keys) {
    MemoryCollector collector = new MemoryCollector(broker, keys);
    collector.spy.awaitSubscribed(Duration.ofSeconds(60));
    collector.thread.start();
    collector.spy.publish(
        TOPICS.collector(), Presence.of(/* online= */ true).encode(), /* retain= */ true);
    return collector;
  }

  /** What an instance has reported, each event once. */
  List<ReceivedEvent.Valid> ledger(String instance) {
    return List.copyOf(ledgers.getOrDefault(instance, Map.of()).values());
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
        Receipt receipt = store(instance, UsageBatch.decode(message.payload()));
        spy.publish(TOPICS.receipts(instance), receipt.encode());
      } else if (Hello.decode(message.payload()).keysWanted()) {
        spy.publish(TOPICS.keys(instance), new KeyFeedMessage(true, 1, 0, 1, 1, keys, 0).encode());
      }
    } catch (MalformedMessageException malformed) {
      throw new AssertionError("an SDK sent something malformed", malformed);
    }
  }

  private Receipt store(String instance, UsageBatch batch) {
    TreeMap<Long, ReceivedEvent.Valid> events = new TreeMap<>();
    for (ReceivedEvent event : batch.events()) {
      events.put(event.seq(), (ReceivedEvent.Valid) event);
    }
    Map<String, ReceivedEvent.Valid> ledger =
        ledgers.computeIfAbsent(instance, first -> new ConcurrentSkipListMap<>());
    events.forEach((seq, event) -> ledger.putIfAbsent(batch.stream() + "/" + seq, event));
    return new Receipt(
        batch.stream(), SeqRange.covering(new TreeSet<>(events.keySet())), List.of(), List.of());
  }
}
