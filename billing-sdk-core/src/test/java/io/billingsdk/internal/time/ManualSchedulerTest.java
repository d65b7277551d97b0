package io.billingsdk.internal.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The other tests lean on these two. */
final class ManualSchedulerTest {
  private final ManualClock clock = new ManualClock();
  private final ManualScheduler scheduler = new ManualScheduler(clock);
  private final List<String> ran = new ArrayList<>();

  @Test
  void execute_always_waitsUntilTold() {
    scheduler.execute(() -> ran.add("a"));
    assertThat(ran).isEmpty();
    scheduler.run();
    assertThat(ran).containsExactly("a");
  }

  @Test
  void advance_severalDue_runsInOrderOfDueThenOfGiving() {
    scheduler.schedule(() -> ran.add("2s"), Duration.ofSeconds(2));
    scheduler.schedule(() -> ran.add("1s"), Duration.ofSeconds(1));
    scheduler.schedule(() -> ran.add("1s too"), Duration.ofSeconds(1));
    scheduler.execute(() -> ran.add("now"));
    scheduler.advance(Duration.ofMillis(1_999));
    assertThat(ran).containsExactly("now", "1s", "1s too");
    assertThat(scheduler.untilNext()).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void advance_taskSchedulesAnother_runsItAtItsOwnTime() {
    List<Duration> at = new ArrayList<>();
    scheduler.schedule(
        () -> scheduler.schedule(() -> at.add(clock.elapsed()), Duration.ofSeconds(3)),
        Duration.ofSeconds(1));
    scheduler.advance(Duration.ofSeconds(10));
    assertThat(at).containsExactly(Duration.ofSeconds(4));
    assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void cancel_beforeDue_keepsItFromRunning() {
    scheduler.schedule(() -> ran.add("a"), Duration.ofSeconds(1)).cancel();
    scheduler.advance(Duration.ofSeconds(2));
    assertThat(ran).isEmpty();
  }

  @Test
  void run_taskThrows_runsTheOthersAndFails() {
    scheduler.execute(
        () -> {
          throw new IllegalStateException("planned");
        });
    scheduler.execute(() -> ran.add("after"));
    assertThatThrownBy(scheduler::run).hasRootCauseMessage("planned");
    assertThat(ran).containsExactly("after");
  }

  @Test
  void jumpWall_byADay_leavesMonotonicTimeAlone() {
    long wall = clock.wallMillis();
    long monotonic = clock.monotonicNanos();
    clock.jumpWall(Duration.ofDays(-1));
    assertThat(clock.wallMillis() - wall).isEqualTo(-86_400_000);
    assertThat(clock.monotonicNanos()).isEqualTo(monotonic);
    clock.advance(Duration.ofSeconds(10));
    assertThat(clock.monotonicNanos() - monotonic).isEqualTo(10_000_000_000L);
    assertThat(clock.monotonicNanos()).as("it has overflowed").isNegative();
  }
}
