package io.billingsdk.server.whatif;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What customers would have paid by another price list. Immutable.
 *
 * @param months how many complete months are priced, at most
 * @param priced customers times months
 * @param sums by currency
 */
record WhatIfReport(int months, long priced, List<WhatIfSum> sums, List<WhatIfCustomer> customers) {
  /** Copies the lists. */
  WhatIfReport {
    sums = List.copyOf(sums);
    customers = List.copyOf(customers);
  }

  /** All customers of a currency. */
  record WhatIfSum(String currency, BigDecimal now, BigDecimal then, BigDecimal difference) {}

  /**
   * A customer.
   *
   * @param plan that the customer has; null for none
   * @param months how many of the months the customer has had an app
   * @param now by the version that the customer has; null if it could not be priced
   * @param then by the price list
   * @param reason why it could not be priced; null if it was
   */
  record WhatIfCustomer(
      String customerId,
      @Nullable String plan,
      @Nullable String currency,
      int months,
      @Nullable BigDecimal now,
      @Nullable BigDecimal then,
      @Nullable BigDecimal difference,
      @Nullable String reason) {}
}
