package io.billingsdk.server.invoices;

import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a credit note takes over from the taxes of its invoice. Immutable.
 *
 * @param grounds by the place of the line, from 0
 * @param accounting null if the invoice is in the currency of the accounts
 */
record TaxOfOriginal(Map<Integer, TaxGrounds> grounds, @Nullable AccountingRate accounting) {
  static final TaxOfOriginal NONE = new TaxOfOriginal(Map.of(), null);

  /** Copies the map. */
  TaxOfOriginal {
    grounds = new TreeMap<>(grounds);
  }
}
