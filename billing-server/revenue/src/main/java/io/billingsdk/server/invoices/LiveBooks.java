package io.billingsdk.server.invoices;

import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.credits.CreditState;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Sellers.Seller;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The books as they are now. It remembers its answers, which are then pinned. */
final class LiveBooks implements Books {
  private final Handle handle;
  private final Span span;
  private final List<Span> changed;
  private final Seller seller;
  private final Customer customer;
  private final TaxCalculator calculator;
  private final @Nullable LocalDate issued;
  private final boolean isPeriodEnd;
  private final Map<String, List<Invoiced>> invoiced = new TreeMap<>();
  private final Map<String, Original> originals = new TreeMap<>();
  private final Map<LocalDate, Taxation> taxes = new TreeMap<>();
  private @Nullable CreditState credits;

  /**
   * For the bill of a span.
   *
   * @param changed the earlier spans whose usage may have changed since they were billed
   * @param issued the day of the issue; null for a draft, which shows nothing in another currency
   * @param isPeriodEnd whether another billing period begins with the end of the span
   */
  LiveBooks(
      Handle handle,
      Span span,
      List<Span> changed,
      Seller seller,
      Customer customer,
      TaxCalculator calculator,
      @Nullable LocalDate issued,
      boolean isPeriodEnd) {
    this.handle = handle;
    this.span = span;
    this.changed = List.copyOf(changed);
    this.seller = seller;
    this.customer = customer;
    this.calculator = calculator;
    this.issued = issued;
    this.isPeriodEnd = isPeriodEnd;
  }

  @Override
  public @Nullable LocalDate issued() {
    return issued;
  }

  @Override
  public List<Span> earlier() {
    return changed;
  }

  @Override
  public Optional<List<Invoiced>> invoiced(LineKey key) {
    return Optional.of(
        invoiced.computeIfAbsent(
            key.text(),
            each -> InvoiceRows.invoiced(handle, span.subscription(), key, customer.currency())));
  }

  @Override
  public List<LineKey> progressed(Span of) {
    return ProgressRows.keys(handle, of);
  }

  @Override
  public Original original(String number) {
    return originals.computeIfAbsent(number, each -> InvoiceRows.original(handle, number));
  }

  @Override
  public TaxRate tax(LocalDate day) {
    return taxation(day).rate();
  }

  @Override
  public @Nullable TaxGrounds grounds(LocalDate day) {
    return taxation(day).grounds();
  }

  private Taxation taxation(LocalDate day) {
    return taxes.computeIfAbsent(day, each -> calculator.taxation(seller, customer, day));
  }

  /**
   * The pins of the taxes beside their rates.
   *
   * @param hasInvoice whether there is one that is issued
   */
  TaxPins taxPins(boolean hasInvoice) {
    Map<LocalDate, TaxGrounds> grounds = new TreeMap<>();
    taxes.forEach(
        (day, taxation) -> {
          if (taxation.grounds() != null) {
            grounds.put(day, taxation.grounds());
          }
        });
    return new TaxPins(
        grounds,
        issued == null || !hasInvoice
            ? null
            : calculator.accounting(seller, customer.currency(), issued).orElse(null));
  }

  @Override
  public CreditState credits() {
    @Nullable CreditState known = credits;
    if (known == null) {
      known =
          Credits.state(
              handle,
              customer.id(),
              span.subscription(),
              customer.currency(),
              span.to(),
              isPeriodEnd);
      credits = known;
    }
    return known;
  }

  /** What {@link #credits} gave; none if nobody asked, and nothing begins a period again. */
  CreditState usedCredits() {
    return credits == null && !isPeriodEnd ? CreditState.NONE : credits();
  }

  /** The lines that a bill needed. */
  Map<String, List<Invoiced>> invoiced(Collection<LineKey> used) {
    Map<String, List<Invoiced>> needed = new TreeMap<>(invoiced);
    needed.keySet().retainAll(used.stream().map(LineKey::text).toList());
    return needed;
  }

  /** The earlier spans that a bill needed. */
  List<Span> earlier(Collection<LineKey> used) {
    List<Integer> numbers = used.stream().filter(LineKey::isUsage).map(LineKey::span).toList();
    return earlier().stream().filter(each -> numbers.contains(each.number())).toList();
  }

  Map<String, Original> originals() {
    return originals;
  }

  Map<LocalDate, TaxRate> taxes() {
    Map<LocalDate, TaxRate> rates = new TreeMap<>();
    taxes.forEach((day, taxation) -> rates.put(day, taxation.rate()));
    return rates;
  }
}
