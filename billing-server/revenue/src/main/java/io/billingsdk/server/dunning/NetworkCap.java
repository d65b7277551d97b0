package io.billingsdk.server.dunning;

import java.time.LocalDate;
import java.util.List;

/**
 * How often the card networks let a declined card be charged again: at most so many attempts in so
 * many days. Pure and immutable.
 */
record NetworkCap(int most, int days) {
  /** The strictest that holds for all cards: Visa's 15 in 30 days. */
  static final NetworkCap USUAL = new NetworkCap(15, 30);

  /**
   * The first day from a given one on which another attempt is allowed.
   *
   * @param attempts the days of those that were made, rising
   */
  LocalDate free(List<LocalDate> attempts, LocalDate from) {
    List<LocalDate> recent =
        attempts.stream().filter(each -> each.isAfter(from.minusDays(days))).toList();
    return recent.size() < most ? from : recent.get(recent.size() - most).plusDays(days);
  }
}
