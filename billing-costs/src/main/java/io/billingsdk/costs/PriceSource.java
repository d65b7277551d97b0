package io.billingsdk.costs;

import java.time.LocalDate;
import java.util.Optional;

/**
 * Where a price is from.
 *
 * @param name a page, a data set or a contract
 * @param checkedOn the day on which somebody looked there last
 */
public record PriceSource(String name, Optional<LocalDate> checkedOn) {
  /** Checks the name. */
  public PriceSource {
    Check.name("source", name);
  }
}
