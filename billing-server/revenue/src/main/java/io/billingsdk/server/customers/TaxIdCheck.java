package io.billingsdk.server.customers;

import io.billingsdk.server.customers.Customer.TaxId;
import java.util.Optional;

/** Checks the numbers of tax offices before they are stored. */
@FunctionalInterface
public interface TaxIdCheck {
  /** Takes each. */
  TaxIdCheck NONE = id -> Optional.empty();

  /** The expected form, for the refusal; empty if the id may be right. */
  Optional<String> expected(TaxId id);
}
