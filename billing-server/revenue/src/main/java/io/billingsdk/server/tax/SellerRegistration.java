package io.billingsdk.server.tax;

import io.billingsdk.server.tax.TaxQuestion.Registration;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registration of a seller and its time.
 *
 * @param to the last day; null while it is open
 */
record SellerRegistration(
    UUID id, String seller, Registration registration, LocalDate from, @Nullable LocalDate to) {
  boolean holds(LocalDate day) {
    return !day.isBefore(from) && (to == null || !day.isAfter(to));
  }

  /** Whether another one for the same tax has a day in common with it. */
  boolean overlaps(SellerRegistration other) {
    return registration.scheme() == other.registration.scheme()
        && registration.place().equals(other.registration.place())
        && (to == null || !other.from.isAfter(to))
        && (other.to == null || !from.isAfter(other.to));
  }
}
