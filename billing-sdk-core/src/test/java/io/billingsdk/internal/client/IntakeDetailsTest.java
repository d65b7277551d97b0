package io.billingsdk.internal.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Protocol;
import io.billingsdk.UsageContext;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.Faults;
import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.protocol.BatchWriter;
import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.protocol.ReceivedEvent.Valid;
import io.billingsdk.protocol.UsageBatch;
import io.billingsdk.protocol.UsedBy;
import io.billingsdk.protocol.V1Codec;
import io.billingsdk.protocol.V1Message;
import io.billingsdk.testbed.Await;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quantities, and for whom it was, from the caller into a journal on disk and onto the wire. */
final class IntakeDetailsTest {
  private static final int EVENTS = 1_600;
  private static final ThreadLocal<UsageContext> CONTEXT = new ThreadLocal<>();

  static {
    UsageContext.addSource(CONTEXT::get);
  }

  @TempDir Path directory;

  private Protocol protocol = Protocol.V2;

  @AfterEach
  void leaveTheContext() {
    CONTEXT.remove();
  }

  private Intake intake(EventJournal journal) {
    journal.onAvailable(() -> {});
    ManualClock clock = new ManualClock();
    return new Intake(
        journal, new KeyTable(clock, Duration.ofMinutes(5)), clock, () -> protocol, new Faults());
  }

  @Test
  void report_ofOneTo16Quantities_comesOutOfJournalAndWireExact() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<UsageEvent> sent = new ArrayList<>();
    DurableJournal first = open();
    Intake intake = intake(first);
    CompletableFuture<Void> durable = new CompletableFuture<>();
    for (int i = 0; i < EVENTS; i++) {
      // Before the protocol is known events are journaled as v1 would have them.
      protocol = i % 2 == 0 ? Protocol.V2 : Protocol.AUTO;
      UsageEvent event = event(random, 1 + i % Bounds.QUANTITIES);
      sent.add(event);
      assertThat(intake.report(event, durable).accepted()).as("seed %d", seed).isTrue();
    }
    durable.get(1, TimeUnit.MINUTES);
    first.close();
    first.release(Duration.ofMinutes(1));

    List<Valid> received = delivered();

    assertThat(received).hasSize(EVENTS);
    int quantities = 0;
    for (int i = 0; i < EVENTS; i++) {
      quantities += assertSame(sent.get(i), received.get(i), seed);
    }
    Proof.of("quantities")
        .with("part", "client")
        .with("events", EVENTS)
        .with("quantities", quantities)
        .with("each", "1-" + Bounds.QUANTITIES)
        .with("inexact", 0)
        .print();
  }

  /** What the process after it reads of the journal, through batches. */
  private List<Valid> delivered() throws IOException {
    DurableJournal next = open();
    List<Valid> received = new ArrayList<>();
    BatchWriter batch = null;
    for (JournalRecord record : stored(next)) {
      if (batch != null && batch.add(record.seq(), record.body())) {
        continue;
      }
      if (batch != null) {
        read(batch, received);
      }
      batch = new BatchWriter(record.stream(), 5, Bounds.BATCH_BYTES);
      assertThat(batch.add(record.seq(), record.body())).isTrue();
    }
    read(requireNonNull(batch), received);
    next.close();
    next.release(Duration.ofMinutes(1));
    return received;
  }

  /** Waits for each: the journal's thread reads what is stored, a piece at a time. */
  private static List<JournalRecord> stored(DurableJournal journal) {
    List<JournalRecord> records = new ArrayList<>();
    Await.until(
        () -> {
          for (JournalRecord each = journal.next(); each != null; each = journal.next()) {
            records.add(each);
          }
          return records.size() >= EVENTS;
        });
    return records;
  }

  private static void read(BatchWriter batch, List<Valid> received) throws IOException {
    for (ReceivedEvent event : UsageBatch.decode(batch.toBytes()).events()) {
      assertThat(event).isInstanceOf(Valid.class);
      received.add((Valid) event);
    }
  }

  private DurableJournal open() throws IOException {
    DurableJournal journal =
        DurableJournal.in(
            directory, 64L << 20, Duration.ofMillis(200), 1L << 20, false, Clock.system());
    journal.start();
    journal.onAvailable(() -> {});
    return journal;
  }

  private static UsageEvent event(Random random, int quantities) {
    UsageEvent event =
        UsageEvent.of("key", "llm", "gpt-4", number(random))
            .withSubject(random.nextBoolean() ? null : "user-" + random.nextInt(9))
            .withSession(random.nextBoolean() ? null : "Gespräch " + random.nextInt(9))
            .withExecution(random.nextBoolean() ? null : "run-" + random.nextInt(9));
    for (int i = 0; i < quantities; i++) {
      event = event.quantity("q_" + i, number(random));
    }
    return event;
  }

  /** From 0 to 2^53 with up to 18 decimals. */
  private static BigDecimal number(Random random) {
    int decimals = random.nextInt(19);
    BigInteger most = BigInteger.TWO.pow(53).multiply(BigInteger.TEN.pow(decimals));
    BigInteger unscaled = new BigInteger(random.nextInt(most.bitLength()) + 1, random).min(most);
    return new BigDecimal(unscaled, decimals);
  }

  private static int assertSame(UsageEvent sent, Valid received, long seed) {
    assertThat(received.usage()).as("seed %d", seed).isEqualByComparingTo(sent.usage());
    assertThat(received.quantities().keySet())
        .containsExactlyElementsOf(sent.quantities().keySet());
    sent.quantities()
        .forEach(
            (name, quantity) ->
                assertThat(received.quantities().get(name))
                    .as("seed %d", seed)
                    .isEqualByComparingTo(quantity));
    assertThat(received.usedBy())
        .isEqualTo(new UsedBy(sent.subject(), sent.session(), sent.execution()));
    return sent.quantities().size();
  }

  @Test
  void report_withinAContext_inheritsWhatTheEventDoesNotSay() throws IOException {
    EventJournal journal = new MemoryJournal(1 << 20);
    Intake intake = intake(journal);
    CONTEXT.set(UsageContext.EMPTY.withSubject("user-7").withExecution("run-1"));
    intake.report(UsageEvent.of("key", "llm", "m", 1));
    intake.report(UsageEvent.of("key", "llm", "m", 1).withSubject("own"));
    CONTEXT.remove();
    intake.report(UsageEvent.of("key", "llm", "m", 1));

    assertThat(usedBy(journal)).isEqualTo(new UsedBy("user-7", null, "run-1"));
    assertThat(usedBy(journal)).isEqualTo(new UsedBy("own", null, "run-1"));
    assertThat(usedBy(journal)).isEqualTo(UsedBy.UNKNOWN);
  }

  private static UsedBy usedBy(EventJournal journal) throws IOException {
    JournalRecord record = requireNonNull(journal.next());
    BatchWriter batch = new BatchWriter(record.stream(), 5, Bounds.BATCH_BYTES);
    batch.add(record.seq(), record.body());
    return ((Valid) UsageBatch.decode(batch.toBytes()).events().get(0)).usedBy();
  }

  @Test
  void report_toASystemOfV1_sendsTheUsageAlone_andTheJournalKeepsTheRest() throws IOException {
    protocol = Protocol.V1;
    EventJournal journal = new MemoryJournal(1 << 20);
    intake(journal)
        .report(
            UsageEvent.of("key", "llm", "m", new BigDecimal("0.1"))
                .quantity("input_tokens", 812)
                .withSubject("user-7"));
    JournalRecord record = requireNonNull(journal.next());
    byte[] sent = V1Codec.message(record.body(), record.stream(), record.seq());
    Valid received = (Valid) V1Message.decode(sent).event();

    assertThat(new String(record.body(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"quantities\":{\"input_tokens\":812}", "\"subject\":\"user-7\"");
    assertThat(received.usage()).isEqualByComparingTo("0.1");
    assertThat(received.quantities()).isEmpty();
    assertThat(received.usedBy()).isEqualTo(UsedBy.UNKNOWN);
  }

  /** An SDK of before wrote usage with up to 40 decimals; what it accepted is delivered. */
  @Test
  void journal_ofAnOlderSdk_withMoreDecimalsThanNow_isDeliveredAsItWas() throws Exception {
    Map<String, String> bodies = new HashMap<>();
    bodies.put(
        "1.2345678901234567E-20",
        "{\"ts\":1,\"key_id\":\"k\",\"module\":\"a\",\"model\":\"b\",\"usage\":1.2345678901234567E-20}");
    bodies.put(
        "0.0014285714285714286",
        "{\"api_key\":\"sk-1\",\"module\":\"a\",\"model\":\"b\",\"usage\":0.0014285714285714286,"
            + "\"timestamp\":1}");
    for (Map.Entry<String, String> each : bodies.entrySet()) {
      EventJournal journal = new MemoryJournal(1 << 20);
      journal.append(each.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      JournalRecord record = requireNonNull(journal.next());
      BatchWriter batch = new BatchWriter(record.stream(), 5, Bounds.BATCH_BYTES);
      batch.add(record.seq(), record.body());
      ReceivedEvent event = UsageBatch.decode(batch.toBytes()).events().get(0);

      assertThat(event).isInstanceOf(Valid.class);
      assertThat(((Valid) event).usage()).isEqualByComparingTo(new BigDecimal(each.getKey()));
    }
  }
}
