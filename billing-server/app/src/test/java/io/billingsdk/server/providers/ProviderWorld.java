package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.customers.Sellers;
import io.billingsdk.server.customers.Sellers.Address;
import io.billingsdk.server.customers.Sellers.NewSeller;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.payments.BookedInvoice;
import io.billingsdk.server.payments.ProviderBooks;
import io.billingsdk.server.payments.ProviderBooks.OwedInvoice;
import io.billingsdk.server.providers.PaymentProvider.SavedToken;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Customers, invoices and a server's parts that charge at a fake of Stripe. */
final class ProviderWorld implements AutoCloseable {
  static final Actor TESTER = new Actor("tester");
  static final String SECRET = "whsec_of_the_world";
  static final String KEY = "sk_test_of_the_world";
  static final URI BACK = URI.create("https://billing.example.com/");

  final FakeStripe fake = new FakeStripe();
  final HttpTestbed http;
  final Database database;
  final Secrets secrets;
  private Instant now = Instant.now();
  private final InstantSource clock = () -> now;

  ProviderWorld(Path directory) {
    http = new HttpTestbed(directory, settings(fake.url()));
    database = http.world().database();
    secrets = new Secrets(directory.resolve("own"));
    new Sellers(database, TESTER)
        .create(
            new NewSeller(
                "seller",
                "Seller",
                "USD",
                "UTC",
                new Address(List.of("Way 1"), "Town", null, null, "US"),
                List.of()));
  }

  static ProviderSettings settings(URI url) {
    return new ProviderSettings(
        /* sandbox= */ false, new StripeAccount(url, KEY, List.of(SECRET)), null, BACK);
  }

  void customer(String id) {
    new Customers(database, TESTER).create(NewCustomer.of(id, id, "USD", "UTC"));
  }

  /** A customer who has saved a method. */
  void customer(String id, String token) {
    customer(id);
    method(id, token);
  }

  /** The same by a test clock, so that each fee is due at once. */
  void customer(String id, String token, Instant begin) {
    new Customers(database, TESTER)
        .create(new NewCustomer(id, id, "USD", "UTC", "en", "seller", null, List.of(), begin));
    method(id, token);
  }

  void method(String customer, String token) {
    method(customer, ProviderName.STRIPE, token);
  }

  void method(String customer, ProviderName provider, String token) {
    PaymentMethods methods = new PaymentMethods(database, new MethodVault(secrets));
    SavedToken saved = new SavedToken(token, "visa", "4242", null);
    database.useTransaction(
        handle -> {
          var unused = methods.save(handle, customer, provider, saved, TESTER);
        });
  }

  void invoice(String customer, String number, String total) {
    BookedInvoice.invoice(database, customer, number, total);
  }

  ProviderParts parts() {
    return parts(Failpoint.Hook.NONE);
  }

  ProviderParts parts(Failpoint.Hook hook) {
    return parts(stripe(), hook);
  }

  ProviderParts parts(PaymentProvider provider, Failpoint.Hook hook) {
    return new ProviderParts(
        database, new Providers(List.of(provider)), new MethodVault(secrets), BACK, clock, hook);
  }

  ProviderParts partsWithoutPages() {
    return new ProviderParts(
        database,
        new Providers(List.of(stripe())),
        new MethodVault(secrets),
        null,
        clock,
        Failpoint.Hook.NONE);
  }

  StripeProvider stripe() {
    return new StripeProvider(
        new StripeAccount(fake.url(), KEY, List.of(SECRET)), clock, Duration.ofSeconds(5));
  }

  InstantSource clock() {
    return clock;
  }

  /** Time goes by, for charges. */
  void pass(Duration time) {
    now = now.plus(time);
  }

  Charge charge(String number, int attempt) {
    return database.read(handle -> ChargeRows.ofNumber(handle, number)).stream()
        .filter(each -> each.attempt() == attempt)
        .findFirst()
        .orElseThrow();
  }

  Money open(String number) {
    return database
        .read(handle -> ProviderBooks.owed(handle, number))
        .map(OwedInvoice::open)
        .orElseThrow();
  }

  static Money usd(String amount) {
    return Money.of("USD", amount);
  }

  long count(String what) {
    try {
      return http.world().count("SELECT count(*) FROM " + what);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  /** The sum of all entries, and of those of an account: in cents. */
  long cents(String where) {
    try {
      return http.world()
          .count("SELECT coalesce(sum(amount) * 100, 0)::bigint FROM posting_entry WHERE " + where);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  @Override
  public void close() {
    database.close();
    http.close();
    fake.close();
  }
}
