package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * An amount in the history of costs. A correction is an entry of its own that names the one it
 * corrects; nothing is changed.
 *
 * @param recordId its name
 * @param corrects the entry that it corrects; an amount below 0 has one
 * @param currency of the amount
 * @param amount the amount; empty while it is unknown
 */
public record CostEntry(
    String recordId, Optional<String> corrects, String currency, Optional<BigDecimal> amount) {
  /** Checks the bounds. */
  public CostEntry {
    Check.name("recordId", recordId);
    Check.currency("currency", currency);
    amount = amount.map(value -> Check.signed("amount", value));
    if (corrects.isEmpty() && amount.map(value -> value.signum() < 0).orElse(false)) {
      throw new CostInputException(
          "amount", "at least 0 where corrects is absent", amount.orElseThrow());
    }
  }
}
