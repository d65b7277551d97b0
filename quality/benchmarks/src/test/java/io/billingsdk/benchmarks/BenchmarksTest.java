package io.billingsdk.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.benchmarks.stores.EventStore;
import io.billingsdk.benchmarks.stores.StoreKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each benchmark's body once, without JMH: that what is compared is the same work. */
@Tag("system")
class BenchmarksTest {
  private static final int EVENTS = 2_500;

  @ParameterizedTest
  @EnumSource
  void store_reopened_returnsTheSameEventsInOrderAndThenNone(
      StoreKind kind, @TempDir Path directory) throws Exception {
    List<String> expected = new ArrayList<>();
    try (EventStore store = kind.open(directory)) {
      for (int i = 0; i < EVENTS; i++) {
        String event = "event " + i;
        store.append(event.getBytes(StandardCharsets.UTF_8));
        expected.add(event);
        if (i % 700 == 0) {
          store.force();
        }
      }
      store.force();
    }
    assertThat(drain(kind, directory)).isEqualTo(expected);
    assertThat(drain(kind, directory)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void durable_oneWindow_countsItsEvents(StoreKind kind) throws Exception {
    DurableBenchmark benchmark = new DurableBenchmark();
    benchmark.store = kind;
    benchmark.windowMillis = 1;
    benchmark.open();
    DurableBenchmark.Durable durable = new DurableBenchmark.Durable();
    benchmark.window(durable);
    benchmark.close();
    assertThat(durable.events).isPositive();
  }

  @Test
  void report_oneCallOfEach_isAccepted() throws Exception {
    ReportBenchmark benchmark = new ReportBenchmark();
    ReportBenchmark.Body body = new ReportBenchmark.Body();
    body.encode();
    assertThat(body.body).hasSizeBetween(190, 215).isEqualTo(benchmark.encode());

    ReportBenchmark.OwnJournal journal = new ReportBenchmark.OwnJournal();
    journal.open();
    benchmark.append(journal, body);
    benchmark.encodeAppend(journal);
    journal.settle();
    journal.close();

    ReportBenchmark.BareQueue queue = new ReportBenchmark.BareQueue();
    queue.start();
    benchmark.offer(queue, body);
    benchmark.encodeOffer(queue);
    queue.settle();
    queue.stop();
  }

  private static List<String> drain(StoreKind kind, Path directory) throws Exception {
    List<String> events = new ArrayList<>();
    try (EventStore store = kind.open(directory)) {
      store.drain(body -> events.add(new String(body, StandardCharsets.UTF_8)));
    }
    return events;
  }
}
