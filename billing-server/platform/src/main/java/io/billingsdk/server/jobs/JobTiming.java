package io.billingsdk.server.jobs;

import java.time.Duration;

/**
 * How often the table of jobs is looked at. Tests have shorter times.
 *
 * @param poll how often a server looks whether a job is due
 * @param heartbeat how often it says that it is still at one; after four that are missing another
 *     server takes the job over
 * @param stop how long a job that runs may go on when the server stops, and once more after it was
 *     interrupted
 * @param firstRetry when a job that failed is tried again; the pause doubles each time
 * @param lastRetry the longest of these pauses
 */
record JobTiming(
    Duration poll, Duration heartbeat, Duration stop, Duration firstRetry, Duration lastRetry) {
  /** That of a server. */
  static final JobTiming USUAL =
      new JobTiming(
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofMinutes(1));

  private static final int MOST_DOUBLINGS = 20;

  /** The pause after so many failures in a row before this one. */
  Duration retryAfter(int failures) {
    Duration pause = firstRetry.multipliedBy(1L << Math.min(Math.max(0, failures), MOST_DOUBLINGS));
    return pause.compareTo(lastRetry) < 0 ? pause : lastRetry;
  }
}
