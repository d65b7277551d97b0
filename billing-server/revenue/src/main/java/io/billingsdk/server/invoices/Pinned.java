package io.billingsdk.server.invoices;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.credits.CreditState;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.invoices.Books.Invoiced;
import io.billingsdk.server.invoices.Books.Original;
import io.billingsdk.server.invoices.Taxation.TaxGrounds;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a bill was made of, beside the ledger, the plan versions and the history of the
 * subscription, which never change: with it the bill can be made again. Immutable.
 *
 * @param ratingVersion by which it was reckoned
 * @param cut of the ledger
 * @param isComplete whether no stream of the customer's apps had missing numbers or pending events
 * @param apps which apps were the customer's, and when
 * @param seller as documents show it
 * @param customer as documents show it
 * @param zone of the seller
 * @param earlier the earlier spans whose usage has changed since
 * @param invoiced lines of earlier invoices, by their keys
 * @param originals the invoices that are credited, by their numbers
 * @param taxes by the day of the tax point
 * @param tax the facts about them beside their rates
 * @param credits coupons and credits, as they were before
 * @param issued the day of the issue for taxes; null in pins of earlier versions
 */
record Pinned(
    String ratingVersion,
    long cut,
    Span span,
    boolean isComplete,
    List<AppSpan> apps,
    ObjectNode seller,
    ObjectNode customer,
    ZoneId zone,
    List<Span> earlier,
    Map<String, List<Invoiced>> invoiced,
    Map<String, Original> originals,
    Map<LocalDate, TaxRate> taxes,
    TaxPins tax,
    CreditState credits,
    @Nullable LocalDate issued) {
  /** Copies the lists and maps. */
  public Pinned {
    apps = List.copyOf(apps);
    earlier = List.copyOf(earlier);
    invoiced = new TreeMap<>(invoiced);
    originals = new TreeMap<>(originals);
    taxes = new TreeMap<>(taxes);
  }

  /** The books as they were. */
  Books books() {
    return new Books() {
      @Override
      public List<Span> earlier() {
        return earlier;
      }

      @Override
      public Optional<List<Invoiced>> invoiced(LineKey key) {
        return Optional.ofNullable(invoiced.get(key.text()));
      }

      @Override
      public List<LineKey> progressed(Span of) {
        // No other line of the bill has keys of its own span.
        return invoiced.keySet().stream()
            .map(LineKey::new)
            .filter(each -> each.isUsage() && each.span() == of.ofUsage())
            .toList();
      }

      @Override
      public Original original(String number) {
        return required(originals.get(number), "invoice " + number);
      }

      @Override
      public CreditState credits() {
        return credits;
      }

      @Override
      public @Nullable LocalDate issued() {
        return issued;
      }

      @Override
      public TaxRate tax(LocalDate day) {
        return required(taxes.get(day), "tax of " + day);
      }

      @Override
      public @Nullable TaxGrounds grounds(LocalDate day) {
        return tax.grounds().get(day);
      }
    };
  }

  private static <T> T required(@Nullable T value, String what) {
    if (value == null) {
      throw new IllegalStateException("nothing is pinned for the " + what);
    }
    return value;
  }
}
