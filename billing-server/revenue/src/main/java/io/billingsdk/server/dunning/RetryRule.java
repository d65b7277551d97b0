package io.billingsdk.server.dunning;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * On which days a declined charge is tried again. Pure and immutable.
 *
 * @param days for each retry, rising if they count from the first decline
 * @param isFromPrevious whether each counts from the attempt before it, not from the first decline
 * @param windowDays no retry comes later than so many days after the first decline; 0 for any
 */
record RetryRule(List<Integer> days, boolean isFromPrevious, int windowDays) {
  static final int MOST_RETRIES = 15;
  static final int MOST_DAYS = 90;

  /** Copies the list. */
  RetryRule {
    days = List.copyOf(days);
  }

  /**
   * The day of the next retry; empty when there is none to come.
   *
   * @param first the day of the first decline
   * @param last the day of the last attempt
   * @param retries how many were made
   */
  Optional<LocalDate> next(LocalDate first, LocalDate last, int retries) {
    if (retries >= days.size()) {
      return Optional.empty();
    }
    LocalDate wanted = (isFromPrevious ? last : first).plusDays(days.get(retries));
    // One that came late makes no two on one day.
    LocalDate day = wanted.isAfter(last) ? wanted : last.plusDays(1);
    return Optional.of(day).filter(each -> isWithin(first, each));
  }

  /** The same days, each once, in their order. */
  RetryRule rising() {
    return new RetryRule(days.stream().distinct().sorted().toList(), isFromPrevious, windowDays);
  }

  boolean isWithin(LocalDate first, LocalDate day) {
    return windowDays == 0 || !day.isAfter(first.plusDays(windowDays));
  }
}
