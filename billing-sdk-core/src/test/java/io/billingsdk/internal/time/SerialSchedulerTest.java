package io.billingsdk.internal.time;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.internal.Faults;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class SerialSchedulerTest {
  private static final Duration PLENTY = Duration.ofSeconds(20);
  private static final int ROUNDS = 500;

  private final Logger log =
      (Logger) LoggerFactory.getLogger(SerialSchedulerTest.class.getName() + ".log");
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Faults faults = new Faults();
  private final SerialScheduler scheduler = new SerialScheduler("billing-test", log, faults);

  private final List<String> shown = new CopyOnWriteArrayList<>();

  @BeforeEach
  void listen() {
    faults.tell(shown::add);
    log.setAdditive(false);
    logged.start();
    log.addAppender(logged);
  }

  @AfterEach
  void stop() {
    scheduler.shutdown(PLENTY);
    log.detachAppender(logged);
  }

  private Thread threadOfATask() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    scheduler.execute(() -> thread.complete(Thread.currentThread()));
    return thread.get(20, TimeUnit.SECONDS);
  }

  @Test
  void execute_manyTasks_runsThemInOrderOnOneThread() throws Exception {
    List<Integer> ran = new CopyOnWriteArrayList<>();
    List<Integer> given = IntStream.range(0, 1_000).boxed().toList();
    Thread first = threadOfATask();
    given.forEach(i -> scheduler.execute(() -> ran.add(i)));
    assertThat(threadOfATask()).isSameAs(first);
    assertThat(ran).isEqualTo(given);
  }

  @Test
  void execute_taskThrows_isLoggedAndTheNextRuns() throws Exception {
    scheduler.execute(
        () -> {
          throw new StackOverflowError("planned");
        });
    assertThat(threadOfATask().isAlive()).isTrue();
    assertThat(shown)
        .containsExactly(
            "a task on thread billing-test failed inside: java.lang.StackOverflowError");
    scheduler.execute(
        () -> {
          throw new IllegalStateException("planned");
        });
    assertThat(threadOfATask().isAlive()).isTrue();
    assertThat(logged.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR);
  }

  @Test
  void thread_always_isANamedDaemonAndKnowsItself() throws Exception {
    Thread thread = threadOfATask();
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("billing-test");
    assertThat(scheduler.isOwnThread()).isFalse();
    CompletableFuture<Boolean> inside = new CompletableFuture<>();
    scheduler.execute(() -> inside.complete(scheduler.isOwnThread()));
    assertThat(inside.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void schedule_shortDelay_runs() throws Exception {
    CompletableFuture<Boolean> ran = new CompletableFuture<>();
    scheduler.schedule(() -> ran.complete(true), Duration.ofMillis(1));
    assertThat(ran.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void cancel_beforeItBegins_keepsItFromRunning() throws Exception {
    List<String> ran = new CopyOnWriteArrayList<>();
    CountDownLatch busy = new CountDownLatch(1);
    scheduler.execute(() -> awaitQuietly(busy));
    Scheduler.Cancellable task = scheduler.schedule(() -> ran.add("cancelled"), Duration.ZERO);
    task.cancel();
    task.cancel();
    busy.countDown();
    assertThat(threadOfATask()).isNotNull();
    assertThat(ran).isEmpty();
  }

  @Test
  void shutdown_withTasksWaiting_runsThoseGivenAndDropsTheRest() throws Exception {
    List<String> ran = new CopyOnWriteArrayList<>();
    CountDownLatch busy = new CountDownLatch(1);
    scheduler.execute(() -> awaitQuietly(busy));
    scheduler.execute(() -> ran.add("given before"));
    scheduler.schedule(() -> ran.add("scheduled"), Duration.ofHours(1));
    scheduler.shutdown(Duration.ZERO);
    assertThat(logged.list)
        .as("the thread did not end in no time, and that is told")
        .extracting(ILoggingEvent::getLevel)
        .containsExactly(Level.WARN);
    scheduler.execute(() -> ran.add("given after"));
    scheduler.schedule(() -> ran.add("scheduled after"), Duration.ZERO).cancel();
    busy.countDown();
    scheduler.shutdown(PLENTY);
    assertThat(ran).containsExactly("given before");
    assertThat(logged.list).hasSize(1);
  }

  /** The pool counts as ended a moment before its thread does: too early for who takes stock. */
  @Test
  void shutdown_ofManySchedulers_noThreadIsAlive() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      SerialScheduler one = new SerialScheduler("billing-test-" + i, log, faults);
      CompletableFuture<Thread> thread = new CompletableFuture<>();
      one.execute(() -> thread.complete(Thread.currentThread()));
      Thread its = thread.get(20, TimeUnit.SECONDS);
      one.shutdown(PLENTY);
      assertThat(its.isAlive()).as("thread of round %d", i).isFalse();
    }
  }

  @Test
  void shutdown_fromItsOwnThread_doesNotWaitForItself() throws Exception {
    CompletableFuture<Boolean> returned = new CompletableFuture<>();
    scheduler.execute(
        () -> {
          scheduler.shutdown(Duration.ofHours(1));
          returned.complete(true);
        });
    assertThat(returned.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shutdown_interrupted_keepsTheFlag() {
    CountDownLatch busy = new CountDownLatch(1);
    scheduler.execute(() -> awaitQuietly(busy));
    Thread.currentThread().interrupt();
    scheduler.shutdown(PLENTY);
    assertThat(Thread.interrupted()).isTrue();
    busy.countDown();
  }

  @Test
  void shutdown_beforeAnyTask_hasNothingToDo() {
    scheduler.shutdown(PLENTY);
    assertThat(logged.list).isEmpty();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
