package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExecutionTest {
  private static final Instant NOW = Instant.parse("2027-01-31T10:00:00Z");

  private final FakeBillingClient client = new FakeBillingClient();
  private final AtomicLong nanos = new AtomicLong();

  private ExecutionBuilder begin() {
    return new ExecutionBuilder(
            client::report, "video_generation", nanos::get, InstantSource.fixed(NOW))
        .apiKey("sk-1")
        .subject("ann")
        .id("run-1");
  }

  private void pass(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  private List<UsageEvent> events() {
    return client.reported().stream().map(Objects::requireNonNull).toList();
  }

  private static String field(UsageEvent event, String name) {
    Map<String, ?> metadata = Objects.requireNonNull(event.metadata());
    return String.valueOf(metadata.get(name));
  }

  @Test
  void execution_thatCompletes_reportsItsStepsAndCostsInIt() throws Exception {
    try (Execution run = begin().start()) {
      run.step("transcribe", () -> pass(1_500));
      int frames = run.call("render_video", () -> 24);
      assertThat(frames).isEqualTo(24);
      run.cost("whisper", "transcribe", new BigDecimal("2.5"), "minutes");
      run.complete();
    }
    List<UsageEvent> events = events();
    assertThat(events).hasSize(5);
    assertThat(events)
        .allSatisfy(
            each -> {
              assertThat(each.execution()).isEqualTo("run-1");
              assertThat(each.subject()).isEqualTo("ann");
              assertThat(each.apiKey()).isEqualTo("sk-1");
            });
    assertThat(events.stream().map(each -> field(each, "status")))
        .containsExactly("started", "success", "success", "null", "success");
    UsageEvent step = events.get(1);
    assertThat(step.module()).isEqualTo("performance");
    assertThat(step.model()).isEqualTo("video_generation");
    assertThat(step.usage()).isEqualByComparingTo("1500");
    assertThat(step.time()).isEqualTo(NOW);
    assertThat(field(step, "step_name")).isEqualTo("transcribe");
    assertThat(field(step, "completed_at")).isEqualTo("2027-01-31T10:00:01.500Z");
    UsageEvent cost = events.get(3);
    assertThat(cost.module()).isEqualTo("whisper");
    assertThat(cost.usage()).isEqualByComparingTo("2.5");
    assertThat(field(cost, "unit")).isEqualTo("minutes");
    assertThat(events.stream().map(each -> field(each, "record_id"))).doesNotHaveDuplicates();
  }

  @Test
  void step_thatFails_failsTheExecutionAndKeepsWhatWasReported() {
    assertThatThrownBy(
            () -> {
              try (Execution run = begin().start()) {
                run.cost("s3", "upload", 2, "GB");
                run.step(
                    "render_video",
                    () -> {
                      throw new IOException("no room");
                    });
                run.complete();
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(events()).hasSize(4);
    assertThat(field(events().get(2), "error")).contains("no room");
    assertThat(field(events().get(3), "status")).isEqualTo("failed");
    assertThat(field(events().get(3), "error")).contains("no room");
  }

  @Test
  void execution_closedBeforeItIsComplete_hasFailed() {
    try (Execution run = begin().start();
        ExecutionStep step = run.step("half")) {
      pass(5);
      assertThat(step).isNotNull();
    }
    assertThat(events().stream().map(each -> field(each, "status")))
        .containsExactly("started", "failed", "failed");
    assertThat(events().get(1).usage()).isEqualByComparingTo("5");
  }

  @Test
  void context_ofItsThread_isThatOfTheExecutionUntilItEnds() throws Exception {
    try (Execution outer = begin().start()) {
      assertThat(UsageContext.current().execution()).isEqualTo("run-1");
      try (Execution inner = begin().id("run-2").subject(null).start()) {
        assertThat(UsageContext.current().execution()).isEqualTo("run-2");
        assertThat(UsageContext.current().subject()).isEqualTo("ann");
        inner.complete();
      }
      assertThat(UsageContext.current()).isEqualTo(outer.usage());
      AtomicLong seen = new AtomicLong();
      Thread other =
          new Thread(
              outer.wrap(
                  () -> seen.set("run-1".equals(UsageContext.current().execution()) ? 1 : 2)));
      other.start();
      other.join();
      assertThat(seen.get()).isEqualTo(1);
      outer.complete();
    }
    assertThat(UsageContext.current()).isEqualTo(UsageContext.EMPTY);
  }

  @Test
  void close_twice_reportsOneEnd() {
    Execution run = begin().start();
    run.complete();
    run.close();
    run.close();
    assertThat(events()).hasSize(2);
  }

  @Test
  void execution_withoutAClient_throwsNothing() {
    try (Execution run = Billing.execution("video_generation").subject("ann").start()) {
      assertThat(run.cost("s3", "upload", 1, "GB")).isInstanceOf(ReportOutcome.Rejected.class);
      run.complete();
    }
  }
}
