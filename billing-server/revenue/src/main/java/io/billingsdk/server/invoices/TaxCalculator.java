package io.billingsdk.server.invoices;

import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import java.time.LocalDate;
import java.util.Optional;

/** Decides which tax an invoice has. Thread-safe; an invoice pins its answers. */
@FunctionalInterface
public interface TaxCalculator {
  /** No tax: every line is outside the scope of a tax. */
  TaxCalculator NONE = (seller, customer, day) -> TaxRate.of("O", "0");

  /**
   * The tax on a service.
   *
   * @param day the tax point: of usage the last day of its time, of a fee in advance the day of its
   *     issue
   */
  TaxRate rate(Seller seller, Customer customer, LocalDate day);

  /** The same, with its grounds. */
  default Taxation taxation(Seller seller, Customer customer, LocalDate day) {
    return Taxation.of(rate(seller, customer, day));
  }

  /**
   * By which rate taxes are also shown in the currency of the seller's accounts; empty if they need
   * not be.
   *
   * @param currency of the document
   * @param day of its issue
   */
  default Optional<AccountingRate> accounting(Seller seller, String currency, LocalDate day) {
    return Optional.empty();
  }

  /** The same for many bills at a time, which reads once what they have in common. */
  default TaxCalculator remembering() {
    return this;
  }

  /** The same within a transaction of the caller. */
  default TaxCalculator within(Database database) {
    return this;
  }
}
