package io.billingsdk.server.tax;

import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.invoices.Taxation;
import java.time.LocalDate;

/**
 * Decides taxes outside of this server, in place of its rules. An invoice pins the answers; so
 * verification never asks again. Thread-safe.
 */
@FunctionalInterface
public interface TaxProvider {
  /**
   * The tax of a line.
   *
   * @param day the tax point
   * @throws RuntimeException when it cannot say: then the invoice is not issued, and the server
   *     tries it again later
   */
  Taxation tax(Seller seller, Customer customer, LocalDate day);
}
