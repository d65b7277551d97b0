package io.billingsdk.server.invoices;

import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Sellers.Seller;
import java.time.LocalDate;

/** Decides which tax an invoice has. Thread-safe; an invoice pins its answers. */
@FunctionalInterface
public interface TaxCalculator {
  /** No tax: every line is outside the scope of a tax. */
  TaxCalculator NONE = (seller, customer, day) -> TaxRate.of("O", "0");

  /**
   * The tax on a service.
   *
   * @param day the tax point: of usage the last day of its time, of a fee in advance the day on
   *     which it became due
   */
  TaxRate rate(Seller seller, Customer customer, LocalDate day);
}
