package io.billingsdk.server.performance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Sums of costs, or what a change adds to them. Equal sums are equal values. Immutable.
 *
 * @param entries costs, with those of corrections: a sum without one is gone
 * @param uses costs that are of no correction
 * @param timed uses with a duration
 * @param durationMillis of all of them
 * @param details by {@link Detail}, without zeros at the end
 */
record Figures(
    long entries,
    long uses,
    BigDecimal amount,
    long timed,
    BigDecimal durationMillis,
    List<BigDecimal> details) {
  /** What advice is given about; only sums by operation have it. */
  enum Detail {
    /** Tokens of the input that no cache had. */
    INPUT(0),
    /** Tokens of the input that a cache had. */
    CACHED(1),
    OUTPUT(2),
    FAILURES(3),
    FAILURE_COST(4),
    RETRIES(5),
    RETRY_COST(6);

    /** In stored bytes: another one would give old sums another meaning. */
    private final int place;

    Detail(int place) {
      this.place = place;
    }
  }

  Figures {
    amount = trimmed(amount);
    durationMillis = trimmed(durationMillis);
    int size = details.size();
    while (size > 0 && details.get(size - 1).signum() == 0) {
      size--;
    }
    details = details.subList(0, size).stream().map(Figures::trimmed).toList();
  }

  /** The one form of a number: equal sums have equal bytes. */
  private static BigDecimal trimmed(BigDecimal number) {
    return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
  }

  Figures plus(Figures other) {
    List<BigDecimal> sums = new ArrayList<>();
    for (int i = 0; i < Math.max(details.size(), other.details.size()); i++) {
      sums.add(detail(i).add(other.detail(i)));
    }
    return new Figures(
        entries + other.entries,
        uses + other.uses,
        amount.add(other.amount),
        timed + other.timed,
        durationMillis.add(other.durationMillis),
        sums);
  }

  BigDecimal detail(Detail which) {
    return detail(which.place);
  }

  private BigDecimal detail(int place) {
    return place < details.size() ? details.get(place) : BigDecimal.ZERO;
  }

  boolean isNothing() {
    return entries == 0
        && uses == 0
        && amount.signum() == 0
        && timed == 0
        && durationMillis.signum() == 0
        && details.isEmpty();
  }
}
