package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A payment provider, as this server uses it. An adapter is thin: it sends, and says what came
 * back. All its methods wait for the network, so none is called within a transaction. Thread-safe.
 *
 * <p>Each change has a key: sent again with the same key, the provider does it once.
 */
interface PaymentProvider {
  ProviderName name();

  /**
   * The provider's own name of a customer, which is made if there is none.
   *
   * @throws ProviderUnreachableException when it cannot be known
   */
  String ensureCustomer(String customer);

  /** Charges a saved method, while the customer is away. */
  ProviderAnswer charge(ChargeRequest request);

  /** Takes the money of a payment that the customer has approved. */
  ProviderAnswer capture(String reference, String key);

  /** What the provider says of a payment now. */
  ProviderAnswer fetch(String reference);

  /**
   * The payments of a customer since a time, with the intents that they are of. Never by a search,
   * which is eventually consistent.
   *
   * @throws ProviderUnreachableException when it cannot be known
   */
  List<ProviderPayment> since(String providerCustomer, Instant from);

  /** Gives money back. */
  RefundAnswer refund(RefundRequest request);

  /**
   * All refunds of a payment.
   *
   * @throws ProviderUnreachableException when they cannot be known
   */
  List<SeenRefund> refundsOf(String reference);

  /** What the provider says of a refund now. */
  RefundAnswer fetchRefund(String reference);

  /**
   * A page of the provider, on which the customer gives a payment method or pays.
   *
   * @throws ProviderUnreachableException when there is none now
   */
  HostedPage page(PageRequest request);

  /**
   * What there is to see of a token.
   *
   * @throws ProviderUnreachableException when it cannot be known
   */
  SavedToken describe(String customer, String token);

  /**
   * Verifies a webhook by its signature, and reads it.
   *
   * @throws ForgedEventException when the provider has not signed these bytes, or too long ago
   */
  ProviderEvent read(Map<String, List<String>> headers, byte[] body);

  /**
   * A charge that is to be.
   *
   * @param attempt counts from 1; with the intent it is the key of this request
   */
  record ChargeRequest(
      String intent,
      int attempt,
      String customer,
      String providerCustomer,
      String token,
      Money amount,
      String description) {
    String key() {
      return key(intent, attempt);
    }

    /** With the intent alone a provider would answer each attempt with the first decline. */
    static String key(String intent, int attempt) {
      return intent + "-" + attempt;
    }

    /** Without the token. */
    @Override
    public String toString() {
      return "ChargeRequest[" + key() + ", " + amount + "]";
    }
  }

  /**
   * A refund that is to be.
   *
   * @param id of our row, which is its key
   * @param reference of the payment
   */
  record RefundRequest(String id, String reference, Money amount) {}

  /**
   * A page that is to be.
   *
   * @param pay the amount to pay on it; null: it saves a payment method
   */
  record PageRequest(
      String key,
      String customer,
      String providerCustomer,
      String currency,
      @Nullable PayPart pay,
      URI back) {}

  /** A payment on a page, by the intent that it is of. */
  record PayPart(String intent, int attempt, Money amount, String description) {}

  /**
   * A page.
   *
   * @param reference of the provider
   */
  record HostedPage(String reference, String url) {}

  /**
   * A token and what people see of it.
   *
   * @param expiresOn the last day, as {@code 2027-11-30}; null for never
   */
  record SavedToken(String token, String brand, String last4, @Nullable String expiresOn) {
    /** Without the token. */
    @Override
    public String toString() {
      return "SavedToken[" + brand + " " + last4 + "]";
    }
  }
}
