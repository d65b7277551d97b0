package io.billingsdk.server.margin;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.IssuedDocuments.Selection;
import io.billingsdk.server.ledger.MeteredUsage.MeterQuery.AppRange;
import io.billingsdk.server.margin.CostSource.ModelCost;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Prices of invoices less costs of usage. The price of a month has the lines whose time begins in
 * it, on whichever document; its usage is that of the times of these lines, as the ledger is. A
 * customer without lines of usage has that of the calendar month. It changes nothing. Thread-safe.
 */
final class Margins {
  private static final Actor READER = new Actor("margin");
  private static final int PAGE = 200;
  private static final LocalDate NEVER = LocalDate.of(2100, 1, 1);

  private final Database database;
  private final Customers customers;

  /** In a database. */
  Margins(Database database) {
    this.database = database;
    this.customers = new Customers(database, READER);
  }

  /** A time, half-open. */
  private record Span(Instant from, Instant to) {
    static Span of(YearMonth month, Customer customer) {
      return new Span(
          month.atDay(1).atStartOfDay(customer.zone()).toInstant(),
          month.plusMonths(1).atDay(1).atStartOfDay(customer.zone()).toInstant());
    }

    boolean begins(InvoicedLine line) {
      return !line.from().isBefore(from) && line.from().isBefore(to);
    }

    /** From the first to the last moment of lines; this one if there are none. */
    Span around(List<InvoicedLine> lines) {
      Instant first = lines.stream().map(InvoicedLine::from).min(Instant::compareTo).orElse(from);
      Instant last = lines.stream().map(InvoicedLine::to).max(Instant::compareTo).orElse(to);
      return last.isAfter(first) ? new Span(first, last) : this;
    }
  }

  /**
   * The margins of a month.
   *
   * @param only this customer; null for all
   * @param ofTestClocks customers with test clocks alone; otherwise all the others. It means
   *     nothing if one customer is asked for
   */
  MarginReport of(YearMonth month, CostSource costs, @Nullable String only, boolean ofTestClocks) {
    Set<String> tests = new CustomerClocks(database).customersWithTestClocks();
    boolean isTest = only == null ? ofTestClocks : tests.contains(only);
    Map<String, List<InvoicedLine>> lines = lines(month, only, isTest);
    MarginSums sums = new MarginSums(new ChargeReads(database));
    if (only != null) {
      add(List.of(customers.require(only)), month, lines, costs, sums);
      return sums.report(month);
    }
    String last = "";
    List<Customer> page;
    do {
      page = customers.after(last, PAGE);
      last = page.isEmpty() ? last : page.get(page.size() - 1).id();
      List<Customer> meant =
          page.stream().filter(each -> tests.contains(each.id()) == isTest).toList();
      add(meant, month, lines, costs, sums);
    } while (page.size() == PAGE);
    return sums.report(month);
  }

  /** All lines that may begin in the month in some zone. */
  private Map<String, List<InvoicedLine>> lines(
      YearMonth month, @Nullable String only, boolean ofTestClocks) {
    Map<String, List<InvoicedLine>> lines = new HashMap<>();
    LocalDate first = month.atDay(1);
    Instant from = first.minusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    Instant to = first.plusMonths(1).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    // No line is issued before its time begins; a seller may live a day behind the customer.
    Selection selection = new Selection(first.minusDays(2), NEVER, only, null, ofTestClocks);
    new InvoicedLines(database)
        .forEach(
            selection,
            each -> {
              if (!each.from().isBefore(from) && each.from().isBefore(to)) {
                lines.computeIfAbsent(each.customer(), none -> new ArrayList<>()).add(each);
              }
            });
    return lines;
  }

  private void add(
      List<Customer> page,
      YearMonth month,
      Map<String, List<InvoicedLine>> lines,
      CostSource costs,
      MarginSums sums) {
    List<List<InvoicedLine>> ofPage = new ArrayList<>();
    List<Span> spans = new ArrayList<>();
    List<List<AppRange>> places = new ArrayList<>();
    for (Customer each : page) {
      Span calendar = Span.of(month, each);
      List<InvoicedLine> own =
          lines.getOrDefault(each.id(), List.of()).stream().filter(calendar::begins).toList();
      Span span = calendar.around(own.stream().filter(InvoicedLine::isUsage).toList());
      ofPage.add(own);
      spans.add(span);
      places.add(apps(each, span));
    }
    List<List<ModelCost>> found = costs.of(places);
    for (int i = 0; i < page.size(); i++) {
      if (!ofPage.get(i).isEmpty() || !found.get(i).isEmpty()) {
        sums.add(page.get(i), spans.get(i).from(), spans.get(i).to(), ofPage.get(i), found.get(i));
      }
    }
  }

  private List<AppRange> apps(Customer customer, Span span) {
    List<AppRange> ranges = new ArrayList<>();
    for (AppSpan app : customers.spans(customer.id())) {
      Instant begin = app.from().isAfter(span.from()) ? app.from() : span.from();
      Instant end = app.to() != null && app.to().isBefore(span.to()) ? app.to() : span.to();
      if (end.isAfter(begin)) {
        ranges.add(new AppRange(app.app(), begin, end));
      }
    }
    return ranges;
  }
}
