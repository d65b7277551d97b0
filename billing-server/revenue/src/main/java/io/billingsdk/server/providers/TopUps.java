package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.providers.InvoiceCharges.NewCharge;
import io.billingsdk.server.providers.PaymentProvider.HostedPage;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Prepaid credit that customers buy, by a saved method or on a page. Thread-safe. */
final class TopUps {
  private final Database database;
  private final Providers providers;
  private final ChargeSender sender;
  private final ChargeDesk desk;
  private final InvoiceCharges charges;

  TopUps(
      Database database,
      Providers providers,
      ChargeSender sender,
      ChargeDesk desk,
      InvoiceCharges charges) {
    this.database = database;
    this.providers = providers;
    this.sender = sender;
    this.desk = desk;
    this.charges = charges;
  }

  /**
   * Stores a top-up that is to be.
   *
   * @param page the provider on whose page the customer pays; null: by the saved method
   */
  Charge prepare(
      Handle handle, String customer, Money amount, @Nullable ProviderName page, Actor actor) {
    String currency = new Customers(database.within(handle), actor).require(customer).currency();
    if (amount.signum() <= 0) {
      throw RequestRefusedException.invalid("amount", "above 0");
    }
    if (!currency.equals(amount.currency())) {
      throw RequestRefusedException.invalid(
          "currency", currency + ", in which the customer " + customer + " pays");
    }
    Optional<SavedMethod> method =
        page == null ? MethodRows.ofDefault(handle, customer) : Optional.empty();
    if (page == null && method.isEmpty()) {
      throw RequestRefusedException.conflict(
          "customerId", "the customer " + customer + " has saved no method; name a provider");
    }
    ProviderName provider = method.map(SavedMethod::provider).orElse(page);
    if (provider == null) {
      throw new IllegalStateException("a top-up has a provider");
    }
    PaymentProvider unused = providers.require("provider", provider);
    if (page != null) {
      sender.requirePages("provider");
    }
    MinorUnits.require(provider, "amount", amount);
    NewCharge wanted =
        new NewCharge(
            InvoiceCharges.newIntent(),
            1,
            customer,
            provider,
            null,
            amount,
            method.map(SavedMethod::id).orElse(null));
    return charges.insert(handle, wanted, actor);
  }

  /** Sends a stored one: never within a transaction. */
  Charge send(Charge charge) {
    String id = charge.methodId();
    if (id != null) {
      Optional<SavedMethod> method = database.read(handle -> MethodRows.find(handle, id));
      return method.map(each -> sender.send(charge, each)).orElse(charge);
    }
    HostedPage page = sender.page(providers.require("provider", charge.provider()), charge);
    return desk.waits(charge.id(), page);
  }
}
