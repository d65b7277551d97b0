package io.billingsdk.server.jobs;

import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.Execution;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once that the scheduler cannot work, which it would log with a trace each second, and once
 * that it works again. Thread-safe.
 */
final class SchedulerHealth extends AbstractSchedulerListener {
  private static final Logger log = LoggerFactory.getLogger(Jobs.class);

  private boolean ill;

  @Override
  public synchronized void onSchedulerEvent(SchedulerEventType type) {
    switch (type) {
      case UNEXPECTED_ERROR -> {
        if (!ill) {
          ill = true;
          log.warn("the table of the jobs cannot be read or written: no job runs until it can");
        }
      }
      case RAN_DETECT_DEAD -> {
        if (ill) {
          ill = false;
          log.info("the jobs run again");
        }
      }
      default -> {}
    }
  }

  @Override
  public void onExecutionDead(Execution execution) {
    log.warn(
        "the job {} was cut off at the server {}: it runs again",
        execution.taskInstance.getTaskName(),
        execution.pickedBy);
  }
}
