package io.billingsdk.server.jobs;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.billingsdk.server.common.Counts.Figure;
import io.billingsdk.server.db.Database;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the {@link Job}s, with their times in a table of the database, so that any number of servers
 * may share them.
 *
 * <p>Each due run is picked by one server. Who runs one says so every few seconds; a run whose
 * server was killed is done again, by any of them. A job that fails is tried again after a second,
 * doubling to a minute; each kind of failure is logged once until it works again. Each job has a
 * thread at each server, so that one that hangs stops no other. All times are the database's.
 *
 * <p>Does not guarantee that a job never runs twice at once: see {@link Job}. {@link #start()} adds
 * the jobs to the table; {@link #close()} waits some seconds for those that run. Thread-safe.
 */
public final class Jobs implements AutoCloseable {
  /** Rows that were deleted, or could not be written at the start, come back. */
  private static final long SEEN_TO_SECONDS = 30;

  private final Database database;
  private final List<JobRuns> runs;
  private final JobTiming timing;
  private final JobTable table;
  private @Nullable Scheduler scheduler;

  /** Of jobs with different names. */
  public Jobs(Database database, List<Job> jobs) {
    this(database, jobs, JobTiming.USUAL);
  }

  Jobs(Database database, List<Job> jobs, JobTiming timing) {
    Set<String> names = new HashSet<>();
    for (Job each : jobs) {
      if (!names.add(each.name())) {
        throw new IllegalArgumentException(
            "the names of jobs must differ, but two are called " + each.name());
      }
    }
    this.database = database;
    this.runs = jobs.stream().map(JobRuns::new).toList();
    this.timing = timing;
    this.table = new JobTable(database);
  }

  /** Begins to run them; those that never ran are due at once. */
  public void start() {
    List<RecurringTask<Void>> tasks = runs.stream().map(this::task).toList();
    ScheduledExecutorService housekeeper =
        Executors.newScheduledThreadPool(3, threads("billing-jobs-keeper"));
    Scheduler made =
        Scheduler.create(database.source(), List.of())
            .startTasks(tasks)
            .executorService(executor("billing-job"))
            .dueExecutor(Executors.newSingleThreadExecutor(threads("billing-jobs-due")))
            .housekeeperExecutor(housekeeper)
            .threads(Math.max(1, tasks.size()))
            .pollingInterval(timing.poll())
            .heartbeatInterval(timing.heartbeat())
            .missedHeartbeatsLimit(4)
            .shutdownMaxWait(timing.stop())
            // With the host's alone two servers of a machine would have the same name.
            .schedulerName(new SchedulerName.Fixed(name()))
            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
            .serializer(new NoData())
            .clock(new DatabaseClock(database))
            .failureLogging(LogLevel.OFF, /* logStackTrace= */ false)
            .addSchedulerListener(new SchedulerHealth())
            .build();
    made.start();
    var unused =
        housekeeper.scheduleWithFixedDelay(
            () -> seeTo(made, tasks), SEEN_TO_SECONDS, SEEN_TO_SECONDS, TimeUnit.SECONDS);
    scheduler = made;
  }

  /** What metrics show of them. */
  public List<Figure> figures() {
    return table.figures(runs);
  }

  @Override
  public void close() {
    table.close();
    Scheduler running = scheduler;
    if (running != null) {
      running.stop();
    }
  }

  private RecurringTask<Void> task(JobRuns each) {
    return Tasks.recurring(each.job().name(), FixedDelay.of(each.job().every()))
        .onFailure(
            (failed, operations) ->
                operations.reschedule(
                    failed,
                    failed
                        .getTimeDone()
                        .plus(timing.retryAfter(failed.getExecution().consecutiveFailures))))
        .onDeadExecution((dead, operations) -> operations.reschedule(dead, dead.getTimeDone()))
        .execute((instance, context) -> each.run());
  }

  private static void seeTo(Scheduler scheduler, List<RecurringTask<Void>> tasks) {
    for (RecurringTask<Void> each : tasks) {
      try {
        var unused =
            scheduler.scheduleIfNotExists(each.instance(RecurringTask.INSTANCE), Instant.EPOCH);
      } catch (RuntimeException away) {
        // The scheduler says that the database is away; an exception would end the repetition.
        return;
      }
    }
  }

  private static String name() {
    return "billing-"
        + ProcessHandle.current().pid()
        + "-"
        + UUID.randomUUID().toString().substring(0, 8);
  }

  private static ExecutorService executor(String name) {
    return Executors.newCachedThreadPool(threads(name));
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread made = new Thread(task, name + "-" + number.incrementAndGet());
      made.setDaemon(true);
      return made;
    };
  }
}
