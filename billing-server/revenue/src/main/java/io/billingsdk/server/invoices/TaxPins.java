package io.billingsdk.server.invoices;

import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a bill knows of taxes beside their rates. Immutable.
 *
 * @param grounds of the taxes, by the day of the tax point; none of a day without grounds
 * @param accounting null if the document is in the currency of the accounts
 */
record TaxPins(Map<LocalDate, TaxGrounds> grounds, @Nullable AccountingRate accounting) {
  static final TaxPins NONE = new TaxPins(Map.of(), null);

  /** Copies the map. */
  TaxPins {
    grounds = new TreeMap<>(grounds);
  }
}
