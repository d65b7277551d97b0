package io.billingsdk.server.jobs;

import io.billingsdk.server.db.DatabaseException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one job at this server: counts what failed, and logs each kind of failure once until
 * the job works again. Thread-safe.
 */
final class JobRuns {
  private static final Logger log = LoggerFactory.getLogger(Jobs.class);

  /** A job that fails in ever new ways does not fill the log, nor the memory. */
  private static final int MOST_KINDS = 20;

  private final Job job;
  private final LongAdder failures = new LongAdder();

  /** Guarded by this: the kinds of failures since the last success. */
  private final Set<String> told = new HashSet<>();

  JobRuns(Job job) {
    this.job = job;
  }

  Job job() {
    return job;
  }

  long failures() {
    return failures.sum();
  }

  /** Runs it once; a failure is for the scheduler, which tries again. */
  void run() {
    try {
      job.run();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new JobFailedException(stopping);
    } catch (Exception | LinkageError | StackOverflowError failed) {
      fails(failed);
      throw new JobFailedException(failed);
    }
    works();
  }

  private synchronized void fails(Throwable failed) {
    failures.increment();
    if (told.size() < MOST_KINDS && told.add(kind(failed))) {
      log.warn(
          "the job {} failed and will run again: {}: {}",
          job.name(),
          failed.getClass().getSimpleName(),
          failed.getMessage());
      log.debug("the job {} failed", job.name(), failed);
    }
  }

  private synchronized void works() {
    if (!told.isEmpty()) {
      told.clear();
      log.info("the job {} works again", job.name());
    }
  }

  /** Without the message, in which figures may differ each time. */
  private static String kind(Throwable failed) {
    return failed.getClass().getName() + " " + state(failed);
  }

  private static String state(Throwable failed) {
    if (failed instanceof DatabaseException database) {
      return database.sqlState();
    }
    return failed instanceof SQLException driver ? String.valueOf(driver.getSQLState()) : "";
  }

  /** A run that failed, for the scheduler alone. */
  static final class JobFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JobFailedException(Throwable cause) {
      super(cause);
    }
  }
}
