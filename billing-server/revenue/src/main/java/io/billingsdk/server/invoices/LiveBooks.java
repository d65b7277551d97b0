package io.billingsdk.server.invoices;

import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.credits.CreditState;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Sellers.Seller;
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
  private final Seller seller;
  private final Customer customer;
  private final TaxCalculator calculator;
  private final Map<String, List<Invoiced>> invoiced = new TreeMap<>();
  private final Map<String, Original> originals = new TreeMap<>();
  private final Map<LocalDate, TaxRate> taxes = new TreeMap<>();
  private @Nullable CreditState credits;

  LiveBooks(Handle handle, Span span, Seller seller, Customer customer, TaxCalculator calculator) {
    this.handle = handle;
    this.span = span;
    this.seller = seller;
    this.customer = customer;
    this.calculator = calculator;
  }

  @Override
  public List<Span> earlier() {
    return SpanRows.billedBefore(handle, span.subscription(), span.number());
  }

  @Override
  public Optional<List<Invoiced>> invoiced(LineKey key) {
    return Optional.of(
        invoiced.computeIfAbsent(
            key.text(),
            each -> InvoiceRows.invoiced(handle, span.subscription(), key, customer.currency())));
  }

  @Override
  public Original original(String number) {
    return originals.computeIfAbsent(number, each -> InvoiceRows.original(handle, number));
  }

  @Override
  public TaxRate tax(LocalDate day) {
    return taxes.computeIfAbsent(day, each -> calculator.rate(seller, customer, day));
  }

  @Override
  public CreditState credits() {
    @Nullable CreditState known = credits;
    if (known == null) {
      known =
          Credits.state(handle, customer.id(), span.subscription(), customer.currency(), span.to());
      credits = known;
    }
    return known;
  }

  /** What {@link #credits} gave; none if nobody asked. */
  CreditState usedCredits() {
    return credits == null ? CreditState.NONE : credits;
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
    return taxes;
  }
}
