package io.billingsdk.server.customers;

import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.Seller;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Customers and sellers as the API shows them. */
final class CustomerViews {
  private CustomerViews() {}

  record CustomerView(
      String customerId,
      String name,
      String currency,
      String zone,
      String locale,
      @Nullable String sellerId,
      @Nullable TaxPlace taxPlace,
      List<TaxId> taxIds,
      @Nullable Instant testClock,
      Instant createdAt) {
    static CustomerView of(Customer customer) {
      return of(customer, null);
    }

    static CustomerView of(Customer customer, @Nullable Instant testClock) {
      return new CustomerView(
          customer.id(),
          customer.name(),
          customer.currency(),
          customer.zone().getId(),
          customer.locale(),
          customer.seller(),
          customer.taxPlace(),
          customer.taxIds(),
          testClock,
          customer.createdAt());
    }
  }

  record AppSpanView(String appId, Instant from, @Nullable Instant to) {
    static AppSpanView of(AppSpan span) {
      return new AppSpanView(span.app(), span.from(), span.to());
    }
  }

  record AppSpansView(List<AppSpanView> items) {}

  record ClockView(String customerId, Instant now) {}

  record SellerView(
      String sellerId,
      String name,
      String currency,
      String zone,
      Address address,
      List<TaxId> taxIds,
      Instant createdAt) {
    static SellerView of(Seller seller) {
      return new SellerView(
          seller.id(),
          seller.name(),
          seller.currency(),
          seller.zone().getId(),
          seller.address(),
          seller.taxIds(),
          seller.createdAt());
    }
  }
}
