package io.billingsdk.examples.gateway;

import java.util.Map;

/**
 * What one call costs.
 *
 * @param usage in the unit of the module: tokens, characters, seconds
 * @param metadata how the call went
 */
record Charge(String module, String model, double usage, Map<String, Object> metadata) {

  /** The minimum, for a call that failed. */
  static Charge failed(Offer offer, String model, String errorType) {
    return new Charge(
        offer.module(), model, offer.minimum(), Map.of("status", "error", "error", errorType));
  }
}
