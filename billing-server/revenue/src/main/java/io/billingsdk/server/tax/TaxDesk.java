package io.billingsdk.server.tax;

import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customer.TaxId;
import io.billingsdk.server.customers.Customer.TaxPlace;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.AccountingRate;
import io.billingsdk.server.invoices.TaxCalculator;
import io.billingsdk.server.invoices.Taxation;
import io.billingsdk.server.tax.TaxPlaces.Place;
import io.billingsdk.server.tax.TaxQuestion.CustomerStatus;
import io.billingsdk.server.tax.TaxQuestion.IdStatus;
import io.billingsdk.server.tax.TaxQuestion.Registration;
import io.billingsdk.server.tax.TaxQuestion.Supply;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers the questions of invoices from the tables of this package. Thread-safe. */
final class TaxDesk implements TaxCalculator {
  /** No rate is published on weekends and holidays; an older one is none of that day. */
  private static final int MOST_DAYS = 7;

  private final Database database;
  private final TaxTables tables;
  private final @Nullable TaxProvider provider;
  private final TaxMemory memory;

  TaxDesk(Database database, TaxTables tables, @Nullable TaxProvider provider) {
    this(database, tables, provider, TaxMemory.NONE);
  }

  private TaxDesk(
      Database database, TaxTables tables, @Nullable TaxProvider provider, TaxMemory memory) {
    this.database = database;
    this.tables = tables;
    this.provider = provider;
    this.memory = memory;
  }

  @Override
  public TaxCalculator remembering() {
    return new TaxDesk(database, tables, provider, TaxMemory.begin());
  }

  @Override
  public TaxCalculator within(Database here) {
    return new TaxDesk(here, tables, provider, memory.ofBill());
  }

  @Override
  public TaxRate rate(Seller seller, Customer customer, LocalDate day) {
    return taxation(seller, customer, day).rate();
  }

  @Override
  public Taxation taxation(Seller seller, Customer customer, LocalDate day) {
    List<Registration> registrations = registrations(seller, day);
    if (registrations.isEmpty()) {
      return Taxation.of(TaxRate.of("O", "0"));
    }
    return provider == null
        ? TaxRules.decide(
            new TaxQuestion(place(seller), registrations, status(customer, day), day),
            memory.table(() -> tables.current(database)))
        : provided(provider, seller, customer, day);
  }

  private static Taxation provided(
      TaxProvider provider, Seller seller, Customer customer, LocalDate day) {
    try {
      return provider.tax(seller, customer, day);
    } catch (RuntimeException fault) {
      throw new IllegalStateException(
          "the tax provider does not say which tax the customer "
              + customer.id()
              + " has on "
              + day
              + ": "
              + fault.getMessage(),
          fault);
    }
  }

  private List<Registration> registrations(Seller seller, LocalDate day) {
    return memory
        .registrations(
            seller.id(),
            id -> database.read(handle -> RegistrationRows.of(handle, id, /* isToChange= */ false)))
        .stream()
        .filter(each -> each.holds(day))
        .map(SellerRegistration::registration)
        .toList();
  }

  private static Place place(Seller seller) {
    return TaxPlaces.read("address", seller.address().country(), seller.address().region());
  }

  /** The customer on a day: by its tax data, before they begin by its tax place and tax ids. */
  private CustomerStatus status(Customer customer, LocalDate day) {
    Optional<CustomerTax> own =
        memory
            .customer(customer.id(), id -> database.read(handle -> CustomerTaxRows.of(handle, id)))
            .stream()
            .filter(each -> !each.from().isAfter(day))
            .findFirst();
    if (own.isEmpty()) {
      return ofCustomer(customer);
    }
    CustomerTax tax = own.get();
    @Nullable TaxNumber id = tax.taxId() == null ? null : TaxNumber.parse("taxId", tax.taxId());
    return new CustomerStatus(tax.place(), id, status(id), tax.supply(), tax.exemption(day));
  }

  private CustomerStatus ofCustomer(Customer customer) {
    @Nullable TaxPlace place = customer.taxPlace();
    if (place == null) {
      throw RequestRefusedException.conflict(
          "taxPlace",
          "the customer "
              + customer.id()
              + " has no tax place: set it by billing tax set "
              + customer.id());
    }
    Place read = TaxPlaces.read("taxPlace", place.country(), place.region());
    boolean isMalformed = false;
    for (TaxId each : customer.taxIds()) {
      Optional<TaxNumber> number = parsed(each.value());
      if (number.isPresent() && number.get().country().equals(read.country())) {
        return new CustomerStatus(read, number.get(), status(number.get()), Supply.DIGITAL, null);
      }
      isMalformed |= number.isEmpty();
    }
    return new CustomerStatus(
        read, null, isMalformed ? IdStatus.MALFORMED : IdStatus.NONE, Supply.DIGITAL, null);
  }

  private static Optional<TaxNumber> parsed(String text) {
    try {
      return Optional.of(TaxNumber.parse("taxId", text));
    } catch (RequestRefusedException malformed) {
      return Optional.empty();
    }
  }

  private IdStatus status(@Nullable TaxNumber id) {
    return id == null
        ? IdStatus.NONE
        : database.read(handle -> TaxIdRows.status(handle, id.text()));
  }

  @Override
  public Optional<AccountingRate> accounting(Seller seller, String currency, LocalDate day) {
    if (seller.currency().equals(currency) || registrations(seller, day).isEmpty()) {
      return Optional.empty();
    }
    ExchangeRate rate =
        memory
            .exchange(seller.currency(), currency, day, () -> latest(seller, currency, day))
            .orElseThrow(() -> missing(seller, currency, day));
    return Optional.of(
        new AccountingRate(
            seller.currency(), rate.base(), rate.quote(), rate.rate(), rate.day(), rate.source()));
  }

  private Optional<ExchangeRate> latest(Seller seller, String currency, LocalDate day) {
    return database.read(
        handle ->
            ExchangeRows.latest(
                handle, seller.currency(), currency, day.minusDays(MOST_DAYS), day));
  }

  private static RequestRefusedException missing(Seller seller, String currency, LocalDate day) {
    return RequestRefusedException.conflict(
        "exchangeRate",
        "there is no exchange rate of "
            + seller.currency()
            + " and "
            + currency
            + " of "
            + day.minusDays(MOST_DAYS)
            + " to "
            + day
            + ", and the seller "
            + seller.id()
            + " keeps its accounts in "
            + seller.currency()
            + "; import one: billing tax import-exchange-rates FILE");
  }
}
