package io.billingsdk.costs;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * A rated use, as it is exported.
 *
 * @param recordId its name
 * @param corrects the record that it takes back, with all its amounts; empty for a use
 * @param userId for whom it was
 * @param executionId the execution that it belongs to
 * @param at when it was used
 * @param cost its cost
 */
public record CostRecord(
    String recordId,
    Optional<String> corrects,
    Optional<String> userId,
    Optional<String> executionId,
    Instant at,
    RatedCost cost) {
  /** Checks the names. */
  public CostRecord {
    Check.name("recordId", recordId);
    userId.ifPresent(name -> Check.name("userId", name));
    executionId.ifPresent(name -> Check.name("executionId", name));
  }

  /** The sign of its amounts: a record that takes another back has them below 0. */
  BigDecimal signed(BigDecimal value) {
    return corrects.isPresent() ? value.negate() : value;
  }
}
