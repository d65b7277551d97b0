package io.billingsdk.peers;

import java.time.Duration;

/**
 * How much is done.
 *
 * @param events of the flow and of the burst
 * @param steadyEvents of the steady part
 * @param steadyASecond its rate
 * @param aSecond the rate of services that get into trouble
 * @param kills of each service
 * @param secondsToKill from the start of a process to its kill, and around an outage
 * @param patience how long an event may be away after the trouble before it counts as lost
 * @param shortPatience the same where nothing holds it back
 */
record Sizes(
    int events,
    int steadyEvents,
    int steadyASecond,
    int aSecond,
    int kills,
    int secondsToKill,
    Duration patience,
    Duration shortPatience,
    Duration shortOutage,
    Duration longOutage) {

  /** Of the table. */
  static final Sizes FULL =
      new Sizes(
          100_000,
          20_000,
          2_000,
          200,
          5,
          5,
          Duration.ofSeconds(250),
          Duration.ofSeconds(40),
          Duration.ofSeconds(30),
          Duration.ofSeconds(180));

  /** Shows that everything runs, and no more. */
  static final Sizes QUICK =
      new Sizes(
          5_000,
          1_000,
          1_000,
          200,
          1,
          2,
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          Duration.ofSeconds(6));
}
