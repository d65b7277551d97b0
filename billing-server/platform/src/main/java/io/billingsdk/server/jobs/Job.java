package io.billingsdk.server.jobs;

import java.time.Duration;

/**
 * Work that is done again and again, by one server of those that share a database at a time.
 *
 * <p>A run that is cut off (its server is killed, or stands still for twenty seconds) is done
 * again, by another server if there is one; a server that stood still and goes on may then be at it
 * at the same time. So a run must do no harm when it is repeated.
 */
public interface Job {
  /** Its name in the table, the metrics and the log: the same for ever. */
  String name();

  /** How long after the end of one run the next one begins. */
  Duration every();

  /**
   * Does it once. It may be interrupted when the server stops, and then should end soon.
   *
   * @throws Exception when it could not be done; it is tried again sooner than usual
   */
  void run() throws Exception;
}
