package io.billingsdk.server.tax;

import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.Exemption;
import io.billingsdk.server.tax.TaxQuestion.Supply;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a customer is for taxes from a day on.
 *
 * @param taxId in one form; null for a consumer
 * @param exemptUntil the last day of the exemption; null while it is open
 */
record CustomerTax(
    LocalDate from,
    Place place,
    @Nullable String taxId,
    Supply supply,
    @Nullable Exemption exemption,
    @Nullable LocalDate exemptUntil) {
  /** The exemption of a day; null for none. */
  @Nullable Exemption exemption(LocalDate day) {
    return exemptUntil != null && day.isAfter(exemptUntil) ? null : exemption;
  }
}
