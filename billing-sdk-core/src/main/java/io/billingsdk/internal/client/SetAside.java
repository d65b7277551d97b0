package io.billingsdk.internal.client;

import io.billingsdk.internal.LoggerNames;
import io.billingsdk.internal.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that are refused for good. One of them is a bad event; several in a row, and none
 * delivered between them, are a wrong clock or a limit that is too low, and everything that is
 * reported goes the same way: the log then says so, with what to do.
 *
 * <p>For the scheduler's thread alone; {@link #trouble} is for any.
 */
final class SetAside {
  private static final Logger log = LoggerFactory.getLogger(LoggerNames.BUFFER);

  /** After so many in a row, it is logged. */
  static final int IN_A_ROW = 5;

  private static final long REST_NANOS = Duration.ofMinutes(10).toNanos();
  private static final int TEN = 10;

  private final Clock clock;
  private final StatusBoard board;
  private final String wayBack;

  private volatile @Nullable String trouble;
  private long total;
  private long nextTold = 1;
  private long row;
  private boolean told;
  private boolean everTold;
  private long toldAtNanos;

  /**
   * None yet.
   *
   * @param wayBack how they come back, for people
   */
  SetAside(Clock clock, StatusBoard board, String wayBack) {
    this.clock = clock;
    this.board = board;
    this.wayBack = wayBack;
  }

  /** Why events are set aside at the moment; null once one is delivered. */
  @Nullable String trouble() {
    return trouble;
  }

  /** An event is set aside. Logged for the first, the tenth, the hundredth: there may be many. */
  void event(UUID stream, long seq, String why) {
    total++;
    if (total < nextTold) {
      log.trace(
          "event {}/{} is set aside: the billing system refuses it for good: {}", stream, seq, why);
      return;
    }
    nextTold *= TEN;
    log.warn(
        "event {}/{} is set aside: the billing system refuses it for good: {} ({} in all; logged"
            + " again at {}); {}",
        stream,
        seq,
        why,
        total,
        nextTold,
        wayBack);
  }

  /** What became of events together. */
  void settled(int delivered, int setAside, String why) {
    if (delivered > 0) {
      over();
    } else if (setAside > 0) {
      boolean first = row == 0;
      row += setAside;
      String now = describe(why);
      trouble = now;
      board.refused(now, first);
      if (row >= IN_A_ROW && !told && mayTell()) {
        told = true;
        everTold = true;
        toldAtNanos = clock.monotonicNanos();
        log.error("{}", now);
      }
    }
  }

  /** So many events are not taken for now, and sent again. */
  void deferred(long events, String code) {
    String now =
        "the billing system does not take "
            + (events == 1 ? "1 event" : events + " events")
            + " for now: "
            + code
            + advice(code)
            + "; they are kept, and sent again";
    boolean first = trouble == null;
    trouble = now;
    board.refused(now, first);
    if (first && !told && mayTell()) {
      told = true;
      everTold = true;
      toldAtNanos = clock.monotonicNanos();
      log.warn("{}", now);
    }
  }

  private boolean mayTell() {
    return !everTold || clock.monotonicNanos() - toldAtNanos >= REST_NANOS;
  }

  private void over() {
    if (told && row > 0) {
      log.info("events are delivered again, {} were set aside in a row; {}", row, wayBack);
    } else if (told) {
      log.info("events are delivered again");
    }
    told = false;
    row = 0;
    trouble = null;
  }

  private String describe(String why) {
    return "the last "
        + (row == 1 ? "event is" : row + " events are")
        + " set aside, refused for good: "
        + why
        + advice(why)
        + "; "
        + wayBack;
  }

  private String advice(String why) {
    if (why.contains("IN_FUTURE") || why.contains("TOO_OLD")) {
      return "; is the clock of this machine right? It says "
          + Instant.ofEpochMilli(clock.wallMillis())
          + " (UTC)";
    }
    return why.contains("larger") || why.contains("PACKET_TOO_LARGE")
        ? "; raise the packet limit of the broker"
        : "";
  }
}
