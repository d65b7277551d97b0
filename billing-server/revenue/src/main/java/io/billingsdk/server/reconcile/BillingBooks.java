package io.billingsdk.server.reconcile;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customer;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.AppSpan;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.invoices.BilledUsage;
import io.billingsdk.server.reconcile.AppTimeline.OwnedTime;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.Subscriptions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose each app is, and the subscriptions of all customers with their billed times. */
final class BillingBooks {
  private static final Actor READER = new Actor("reconcile");
  private static final int PAGE = 500;

  private final Map<String, List<OwnedTime>> byApp = new HashMap<>();
  private final List<Subscription> all = new ArrayList<>();

  private BillingBooks() {}

  static BillingBooks read(Database database) {
    BillingBooks books = new BillingBooks();
    Customers customers = new Customers(database, READER);
    String after = "";
    List<Customer> page;
    do {
      page = customers.after(after, PAGE);
      page.forEach(each -> books.add(database, customers, each.id()));
      after = page.isEmpty() ? after : page.get(page.size() - 1).id();
    } while (page.size() == PAGE);
    return books;
  }

  private void add(Database database, Customers customers, String customer) {
    List<AppSpan> spans = customers.spans(customer);
    List<SubscriptionBooks> books = new ArrayList<>();
    BilledUsage billed = new BilledUsage(database);
    for (Subscription each : new Subscriptions(database, READER, List.of()).ofCustomer(customer)) {
      books.add(new SubscriptionBooks(each, billed.times(each.id())));
    }
    for (AppSpan span : spans) {
      byApp.computeIfAbsent(span.app(), none -> new ArrayList<>()).add(new OwnedTime(span, books));
    }
    books.forEach(each -> all.add(each.subscription()));
  }

  /** Whose an app is, and when. */
  List<OwnedTime> ownersOf(String app) {
    return byApp.getOrDefault(app, List.of());
  }

  /**
   * The subscriptions whose customers had an app in a time.
   *
   * @param app null for all subscriptions
   */
  List<Subscription> subscriptions(@Nullable String app, Instant from, Instant to) {
    if (app == null) {
      return List.copyOf(all);
    }
    return ownersOf(app).stream()
        .filter(time -> time.span().from().isBefore(to))
        .filter(time -> time.span().to() == null || time.span().to().isAfter(from))
        .flatMap(time -> time.books().stream())
        .map(SubscriptionBooks::subscription)
        .distinct()
        .toList();
  }
}
