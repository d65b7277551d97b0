package io.billingsdk.server.tax;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the taxes of many bills have in common, read once for all of them; of a customer once a
 * bill. Thread-safe.
 */
final class TaxMemory {
  /** It remembers nothing: each question is asked of the tables. */
  static final TaxMemory NONE = new TaxMemory(null, null);

  private final @Nullable Shared shared;
  private final @Nullable Map<String, List<CustomerTax>> customers;

  private TaxMemory(@Nullable Shared shared, @Nullable Map<String, List<CustomerTax>> customers) {
    this.shared = shared;
    this.customers = customers;
  }

  /** Of all bills. */
  private static final class Shared {
    private final Map<String, List<SellerRegistration>> registrations = new ConcurrentHashMap<>();
    private final Map<String, Optional<ExchangeRate>> exchange = new ConcurrentHashMap<>();
    private volatile @Nullable RateTable table;
  }

  /** An empty one. */
  static TaxMemory begin() {
    return new TaxMemory(new Shared(), null);
  }

  /** For one bill, in whose transaction nothing of its customer changes. */
  TaxMemory ofBill() {
    return shared == null ? this : new TaxMemory(shared, new ConcurrentHashMap<>());
  }

  RateTable table(Supplier<RateTable> stored) {
    @Nullable Shared all = shared;
    if (all == null) {
      return stored.get();
    }
    @Nullable RateTable known = all.table;
    if (known == null) {
      known = stored.get();
      all.table = known;
    }
    return known;
  }

  List<SellerRegistration> registrations(
      String seller, Function<String, List<SellerRegistration>> stored) {
    return of(shared == null ? null : shared.registrations, seller, stored);
  }

  /** Of two currencies up to a day. */
  Optional<ExchangeRate> exchange(
      String one, String other, LocalDate day, Supplier<Optional<ExchangeRate>> stored) {
    return of(
        shared == null ? null : shared.exchange,
        one + "/" + other + "/" + day,
        unused -> stored.get());
  }

  List<CustomerTax> customer(String customer, Function<String, List<CustomerTax>> stored) {
    return of(customers, customer, stored);
  }

  private static <T> T of(@Nullable Map<String, T> known, String id, Function<String, T> stored) {
    if (known == null) {
      return stored.apply(id);
    }
    @Nullable T present = known.get(id);
    if (present == null) {
      // Not within the map: others would wait there for the database.
      present = stored.apply(id);
      known.put(id, present);
    }
    return present;
  }
}
