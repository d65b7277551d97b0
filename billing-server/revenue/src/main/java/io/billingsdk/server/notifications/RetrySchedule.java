package io.billingsdk.server.notifications;

import java.time.Duration;
import java.util.List;

/** When a delivery that failed is tried again: growing pauses over three days. */
final class RetrySchedule {
  /** How long a delivery is tried. */
  static final Duration LONGEST = Duration.ofDays(3);

  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(5),
          Duration.ofHours(10),
          Duration.ofHours(14),
          Duration.ofHours(20),
          Duration.ofHours(20));

  private RetrySchedule() {}

  /** The pause after so many failures, 1 or more. */
  static Duration after(int failures) {
    return PAUSES.get(Math.min(failures, PAUSES.size()) - 1);
  }
}
