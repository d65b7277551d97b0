package io.billingsdk.server.comparison;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.comparison.ComparisonReport.ComparedMonth;
import io.billingsdk.server.comparison.ComparisonReport.ComparedSum;
import io.billingsdk.server.comparison.ComparisonReport.Invoiced;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.IssuedDocuments;
import io.billingsdk.server.invoices.IssuedDocuments.CustomerMonth;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the invoices of another system beside ours. It changes nothing. Thread-safe. */
final class Comparison {
  private static final Actor READER = new Actor("comparison");

  private final IssuedDocuments documents;
  private final Customers customers;

  /** In a database. */
  Comparison(Database database) {
    this.documents = new IssuedDocuments(database);
    this.customers = new Customers(database, READER);
  }

  /**
   * The compared parts.
   *
   * @param last included
   * @param after only customers whose ids follow this one; empty for all
   * @param upTo only customers up to this id; null for all
   */
  record Scope(
      YearMonth first, YearMonth last, String after, @Nullable String upTo, boolean ofTestClocks) {
    boolean holds(TheirRow row) {
      return !row.month().isBefore(first)
          && !row.month().isAfter(last)
          && row.customer().compareTo(after) > 0
          && (upTo == null || row.customer().compareTo(upTo) <= 0);
    }
  }

  /** A customer, a month and a currency; a space sorts before all characters of ids. */
  private record Place(String customer, String month, String currency) {
    String text() {
      return customer + " " + month + " " + currency;
    }
  }

  private static final class Pair {
    final Place place;
    @Nullable Invoiced theirs;
    @Nullable Invoiced ours;

    Pair(Place place) {
      this.place = place;
    }

    void add(TheirRow row) {
      Invoiced before = theirs;
      BigDecimal tax = row.tax() == null ? null : row.tax().amount();
      theirs =
          before == null
              ? new Invoiced(1, row.net().amount(), tax)
              : new Invoiced(
                  before.documents() + 1,
                  before.net().add(row.net().amount()),
                  // Without a part the sum is not known.
                  before.tax() == null || tax == null ? null : before.tax().add(tax));
    }
  }

  /** Compares all rows, which are in the scope, with all our documents that are. */
  ComparisonReport compare(Scope scope, List<TheirRow> rows) {
    Map<String, Pair> pairs = new TreeMap<>();
    rows.forEach(
        each ->
            pair(pairs, each.customer(), each.month().toString(), each.net().currency()).add(each));
    Selection selection =
        new Selection(
            scope.first().atDay(1),
            scope.last().plusMonths(1).atDay(1),
            null,
            null,
            scope.ofTestClocks());
    for (CustomerMonth each : documents.customerMonths(selection, scope.after(), scope.upTo())) {
      pair(pairs, each.customer(), each.month(), each.currency()).ours =
          new Invoiced(each.documents(), each.net(), each.tax());
    }
    return report(scope, pairs);
  }

  private static Pair pair(
      Map<String, Pair> pairs, String customer, String month, String currency) {
    Place place = new Place(customer, month, currency);
    return pairs.computeIfAbsent(place.text(), none -> new Pair(place));
  }

  private ComparisonReport report(Scope scope, Map<String, Pair> pairs) {
    List<ComparedMonth> items = new ArrayList<>();
    Map<String, ComparedSum> sums = new TreeMap<>();
    Map<String, Boolean> known = new HashMap<>();
    for (Pair each : pairs.values()) {
      items.add(item(each, known));
      sums.merge(each.place.currency(), sum(each), Comparison::plus);
    }
    long equal = items.stream().filter(each -> each.state().equals("equal")).count();
    return new ComparisonReport(
        scope.first().toString(),
        scope.last().toString(),
        equal == items.size(),
        equal,
        items,
        List.copyOf(sums.values()));
  }

  private ComparedMonth item(Pair pair, Map<String, Boolean> known) {
    Place place = pair.place;
    BigDecimal zero = Money.zero(place.currency()).amount();
    Invoiced theirs = pair.theirs == null ? new Invoiced(0, zero, zero) : pair.theirs;
    Invoiced ours = pair.ours == null ? new Invoiced(0, zero, zero) : pair.ours;
    BigDecimal net = ours.net().subtract(theirs.net());
    BigDecimal ourTax = ours.tax();
    BigDecimal theirTax = theirs.tax();
    @Nullable BigDecimal tax =
        ourTax == null || theirTax == null ? null : ourTax.subtract(theirTax);
    boolean isEqual = net.signum() == 0 && (tax == null || tax.signum() == 0);
    // Who has a document of ours is a customer.
    boolean isThere =
        pair.ours != null
            || known.computeIfAbsent(place.customer(), each -> customers.find(each).isPresent());
    return new ComparedMonth(
        place.customer(),
        place.month(),
        place.currency(),
        isThere ? state(pair, isEqual) : "no_customer",
        pair.theirs,
        pair.ours,
        net,
        tax);
  }

  private static String state(Pair pair, boolean isEqual) {
    if (isEqual) {
      return "equal";
    }
    if (pair.ours == null) {
      return "only_theirs";
    }
    return pair.theirs == null ? "only_ours" : "different";
  }

  private static ComparedSum sum(Pair pair) {
    BigDecimal zero = Money.zero(pair.place.currency()).amount();
    BigDecimal theirs = pair.theirs == null ? zero : pair.theirs.net();
    BigDecimal ours = pair.ours == null ? zero : pair.ours.net();
    return new ComparedSum(pair.place.currency(), theirs, ours, ours.subtract(theirs));
  }

  private static ComparedSum plus(ComparedSum one, ComparedSum other) {
    return new ComparedSum(
        one.currency(),
        one.theirs().add(other.theirs()),
        one.ours().add(other.ours()),
        one.difference().add(other.difference()));
  }
}
