package io.billingsdk.server.providers;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.providers.PaymentProvider.ChargeRequest;
import io.billingsdk.server.providers.PaymentProvider.HostedPage;
import io.billingsdk.server.providers.PaymentProvider.PageRequest;
import io.billingsdk.server.providers.PaymentProvider.PayPart;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a stored charge to its provider, and applies the answer. The same charge is the same
 * request with the same key, however often it is sent. Thread-safe.
 */
final class ChargeSender {
  private static final Logger LOG = LoggerFactory.getLogger(ChargeSender.class);

  private final Database database;
  private final Providers providers;
  private final MethodVault vault;
  private final ChargeDesk desk;
  private final Failpoint.Hook hook;
  private final @Nullable URI back;

  /**
   * For the providers of a server.
   *
   * @param back where people come back to from pages; null: there are no pages
   */
  ChargeSender(
      Database database,
      Providers providers,
      MethodVault vault,
      ChargeDesk desk,
      Failpoint.Hook hook,
      @Nullable URI back) {
    this.database = database;
    this.providers = providers;
    this.vault = vault;
    this.desk = desk;
    this.hook = hook;
    this.back = back;
  }

  /**
   * Sends it; one whose outcome stays unknown is as it was. One whose key the provider may have
   * forgotten is not sent, since it would be another payment: the reconciler finds out.
   */
  Charge send(Charge charge, SavedMethod method) {
    Optional<PaymentProvider> provider = providers.find(charge.provider());
    if (provider.isEmpty()) {
      return lost(charge, "the server has no account at " + charge.provider().text());
    }
    Duration age = Duration.between(charge.createdAt(), desk.now());
    if (age.compareTo(provider.get().keys()) >= 0) {
      return charge;
    }
    ProviderAnswer answer;
    try {
      answer = provider.get().charge(request(provider.get(), charge, method));
    } catch (ProviderDeniedException denied) {
      answer = new ProviderAnswer.Denied(String.valueOf(denied.getMessage()));
    } catch (ProviderUnreachableException unreachable) {
      answer = new ProviderAnswer.Lost(String.valueOf(unreachable.getMessage()));
    }
    hook.reached(Failpoint.CHARGE_ANSWERED);
    return settle(provider.get(), charge, answer);
  }

  private ChargeRequest request(PaymentProvider provider, Charge charge, SavedMethod method) {
    return new ChargeRequest(
        charge.intent(),
        charge.attempt(),
        charge.customer(),
        customer(provider, charge.customer()),
        vault.open(method),
        charge.amount(),
        charge.description());
  }

  /** Applies an answer. */
  Charge settle(PaymentProvider provider, Charge charge, ProviderAnswer answer) {
    if (answer instanceof ProviderAnswer.Known known) {
      return desk.apply(charge.id(), withPage(provider, charge, known.payment()));
    }
    if (answer instanceof ProviderAnswer.Approved approved) {
      String key = ChargeRequest.key(charge.intent(), charge.attempt());
      return settle(provider, charge, provider.capture(approved.payment().reference(), key));
    }
    if (answer instanceof ProviderAnswer.Denied denied) {
      return denied(charge, denied.why());
    }
    if (answer instanceof ProviderAnswer.Rejected rejected) {
      LOG.warn(
          "{} has refused the charge {}: {}",
          provider.name().text(),
          charge.id(),
          rejected.message());
      return desk.failed(charge.id(), rejected.code());
    }
    return lost(charge, ((ProviderAnswer.Lost) answer).why());
  }

  /** A person has to see to the account; the charge goes on after that. */
  Charge denied(Charge charge, String why) {
    LOG.error("the charge {} needs an operator: {}", charge.id(), why);
    return desk.denied(charge.id(), why);
  }

  private Charge lost(Charge charge, String why) {
    LOG.warn("the outcome of the charge {} is not known yet: {}", charge.id(), why);
    database.useTransaction(
        handle -> ChargeRows.lookAgain(handle, charge.id(), null, desk.again(charge)));
    return charge;
  }

  /** The customer is away: a page is needed on which to confirm the payment. */
  private ProviderPayment withPage(PaymentProvider provider, Charge charge, ProviderPayment seen) {
    if (seen.state() != ChargeState.REQUIRES_ACTION || seen.url() != null || back == null) {
      return seen;
    }
    try {
      HostedPage page = page(provider, charge);
      return new ProviderPayment(
          seen.reference(),
          seen.intent(),
          seen.attempt(),
          seen.state(),
          seen.amount(),
          seen.fee(),
          seen.code(),
          page.url());
    } catch (ProviderUnreachableException later) {
      LOG.warn("there is no page for the charge {} yet: {}", charge.id(), later.getMessage());
      return seen;
    }
  }

  boolean hasPages() {
    return back != null;
  }

  /** Refuses what needs a page where the server has no way back from one. */
  void requirePages(String field) {
    if (back == null) {
      throw RequestRefusedException.conflict(
          field, "a page needs a way back; start the server with --public-url");
    }
  }

  /** A page on which the customer pays a charge. */
  HostedPage page(PaymentProvider provider, Charge charge) {
    URI url = back;
    if (url == null) {
      throw new IllegalStateException("a page needs a way back");
    }
    return provider.page(
        new PageRequest(
            "page-" + ChargeRequest.key(charge.intent(), charge.attempt()),
            charge.customer(),
            customer(provider, charge.customer()),
            charge.amount().currency(),
            new PayPart(charge.intent(), charge.attempt(), charge.amount(), charge.description()),
            url));
  }

  /** The provider's name of a customer. */
  String customer(PaymentProvider provider, String customer) {
    Optional<String> known =
        database.read(handle -> MethodRows.providerCustomer(handle, customer, provider.name()));
    if (known.isPresent()) {
      return known.get();
    }
    String made = provider.ensureCustomer(customer);
    return database.inTransaction(
        handle -> {
          MethodRows.addProviderCustomer(handle, customer, provider.name(), made);
          return MethodRows.providerCustomer(handle, customer, provider.name()).orElse(made);
        });
  }
}
