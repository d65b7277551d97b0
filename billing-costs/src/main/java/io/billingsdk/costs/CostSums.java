package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Sums of costs, one for each currency: amounts of different currencies are never added up.
 *
 * @param byCurrency the sums
 * @param entries how many entries are in them
 * @param unknown how many entries have no amount yet, and are in no sum
 */
public record CostSums(Map<String, BigDecimal> byCurrency, long entries, long unknown) {
  /** Copies the map. */
  public CostSums {
    byCurrency = Collections.unmodifiableMap(new TreeMap<>(byCurrency));
  }

  /** The sums of some entries, corrections included. */
  public static CostSums of(Iterable<CostEntry> entries) {
    Map<String, BigDecimal> sums = new TreeMap<>();
    long counted = 0;
    long unknown = 0;
    for (CostEntry entry : entries) {
      Optional<BigDecimal> amount = entry.amount();
      if (amount.isPresent()) {
        sums.merge(entry.currency(), amount.get(), BigDecimal::add);
        counted++;
      } else {
        unknown++;
      }
    }
    return new CostSums(sums, counted, unknown);
  }

  /** The sum in a currency, or 0. */
  public BigDecimal in(String currency) {
    return byCurrency.getOrDefault(currency, BigDecimal.ZERO);
  }
}
