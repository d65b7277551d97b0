package io.billingsdk.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.ConnectionState;
import io.billingsdk.DrainReport;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.testbed.EmbeddedTestBroker;
import io.billingsdk.testbed.FaultProxy;
import io.billingsdk.testbed.Pace;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testbed.Role;
import io.billingsdk.testbed.SpiedMessage;
import io.billingsdk.testbed.WireSpy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker is away for 30 seconds while 200 events a second are reported. */
@Tag("broker")
final class BrokerOutageTest {
  private static final Pattern SEQ = Pattern.compile("\"seq\":(\\d+),");
  private static final int PER_SECOND = 200;
  private static final int BEFORE = 3 * PER_SECOND;
  private static final int DURING = 30 * PER_SECOND;
  private static final int AFTER = 3 * PER_SECOND;

  @TempDir Path directory;

  @Test
  void report_brokerAwayFor30Seconds_losesNothingKeepsOrderAndNeverBlocks() throws Exception {
    try (EmbeddedTestBroker broker = EmbeddedTestBroker.in(directory)) {
      broker.start();
      try (FaultProxy proxy = FaultProxy.to(broker.port());
          WireSpy system = WireSpy.on(broker, Role.SYSTEM, "billing/report");
          DefaultBillingClient client =
              Clients.start(Clients.withCredentials(Clients.config(broker, proxy.port())))) {
        Clients.await(client, status -> status.delivery().pending() == 0);
        reportPaced(client, BEFORE);
        client.flush(Clients.PATIENCE);

        CompletableFuture<Void> stopping =
            CompletableFuture.runAsync(() -> stop(broker, proxy, client, system));
        long[] nanos = reportPaced(client, DURING);
        stopping.join();
        CompletableFuture<Void> starting =
            CompletableFuture.runAsync(() -> start(broker, proxy, system));
        reportPaced(client, AFTER);
        starting.join();
        DrainReport drained = client.flush(Clients.PATIENCE);

        int total = BEFORE + DURING + AFTER;
        // The broker answers the sender before it has passed the message on.
        List<Long> seqs = seqs(system.await(seen -> distinct(seen) == total, Clients.PATIENCE));
        Set<Long> first = new LinkedHashSet<>(seqs);
        assertThat(drained).isEqualTo(DrainReport.of(total, 0, 0));
        assertThat(first)
            .as("order of the first receptions")
            .containsExactlyElementsOf(LongStream.rangeClosed(1, total).boxed().toList());
        print(nanos, total, seqs.size(), first);
      }
    }
  }

  /**
   * The client loses the broker first: this one forgets with its end what it has acknowledged and
   * not passed on, which is no loss of the client's.
   */
  private static void stop(
      EmbeddedTestBroker broker, FaultProxy proxy, DefaultBillingClient client, WireSpy system) {
    proxy.cut();
    Clients.await(client, status -> status.state() != ConnectionState.CONNECTED);
    long acknowledged = client.status().delivery().delivered();
    system.await(seen -> distinct(seen) >= acknowledged, Clients.PATIENCE);
    broker.stop();
  }

  /** The client comes back last, for the same reason. */
  private static void start(EmbeddedTestBroker broker, FaultProxy proxy, WireSpy system) {
    broker.start();
    system.awaitSubscribed(Clients.PATIENCE);
    proxy.pass();
  }

  private static void print(long[] nanos, int total, int received, Set<Long> first) {
    int distinct = first.size();
    long outOfOrder = outOfOrder(first);
    Arrays.sort(nanos);
    Proof.of("broker-outage")
        .with("outage_s", 30)
        .with("reports_per_s", PER_SECOND)
        .with("accepted", total)
        .with("received", received)
        .with("distinct", distinct)
        .with("lost", total - distinct)
        .with("out_of_order", outOfOrder)
        .with("report_p50_us", nanos[nanos.length / 2] / 1_000)
        .with("report_p99_us", nanos[(int) (nanos.length * 0.99)] / 1_000)
        .with("report_max_us", nanos[nanos.length - 1] / 1_000)
        .print();
  }

  private static long outOfOrder(Set<Long> first) {
    long largest = 0;
    long overtaken = 0;
    for (long seq : first) {
      overtaken += seq < largest ? 1 : 0;
      largest = Math.max(largest, seq);
    }
    return overtaken;
  }

  /** Reports at a steady pace and returns what each call took. */
  private static long[] reportPaced(DefaultBillingClient client, int events) {
    long[] nanos = new long[events];
    long startNanos = System.nanoTime();
    long stepNanos = Duration.ofSeconds(1).toNanos() / PER_SECOND;
    for (int i = 0; i < events; i++) {
      long dueNanos = startNanos + i * stepNanos;
      Pace.until(dueNanos);
      UsageEvent event = UsageEvent.of("key-1", "llm", "gpt-4", i);
      long before = System.nanoTime();
      ReportOutcome outcome = client.report(event);
      nanos[i] = System.nanoTime() - before;
      assertThat(outcome.accepted()).isTrue();
    }
    return nanos;
  }

  private static int distinct(List<SpiedMessage> messages) {
    return new HashSet<>(seqs(messages)).size();
  }

  private static List<Long> seqs(List<SpiedMessage> messages) {
    List<Long> seqs = new ArrayList<>();
    for (SpiedMessage message : messages) {
      Matcher seq = SEQ.matcher(message.text());
      assertThat(seq.find()).isTrue();
      seqs.add(Long.valueOf(seq.group(1)));
    }
    return seqs;
  }
}
