package io.billingsdk.server.performance;

import io.billingsdk.server.performance.Figures.Detail;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/** Adds up the figures of cells. For one thread. */
final class RunningSum {
  private long entries;
  private long uses;
  private long timed;
  private final ExactSum amount = new ExactSum();
  private final ExactSum durationMillis = new ExactSum();
  private ExactSum[] details = {};

  void count(long moreEntries, long moreUses) {
    entries += moreEntries;
    uses += moreUses;
  }

  void countTimed(long more) {
    timed += more;
  }

  ExactSum amount() {
    return amount;
  }

  ExactSum durationMillis() {
    return durationMillis;
  }

  ExactSum detail(int place) {
    if (details.length == 0) {
      details =
          Stream.generate(ExactSum::new).limit(Detail.values().length).toArray(ExactSum[]::new);
    }
    return details[place];
  }

  Figures figures() {
    List<BigDecimal> sums = Stream.of(details).map(ExactSum::value).toList();
    return new Figures(entries, uses, amount.value(), timed, durationMillis.value(), sums);
  }
}
