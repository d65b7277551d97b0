package io.billingsdk.server.providers;

import io.billingsdk.rating.Money;
import io.billingsdk.server.providers.RefundAnswer.SeenRefund;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A payment provider, as this server uses it. An adapter is thin: it sends, and says what came
 * back. All its methods wait for the network, so none is called within a transaction. Thread-safe.
 *
 * <p>Each change has a key: sent again with the same key, the provider does it once.
 */
interface PaymentProvider {
  /** Shorter than the 24 hours for which most providers remember a key. */
  Duration KEYS = Duration.ofHours(23);

  ProviderName name();

  /** How long the provider surely knows a key of a request again. */
  default Duration keys() {
    return KEYS;
  }

  /**
   * Whether a reference is that of one payment from its first page to its end, so that {@link
   * #fetch} says all of it.
   */
  default boolean hasLastingReferences() {
    return false;
  }

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
   * The method that a customer has given on a page, of a provider that says it by no webhook; empty
   * while there is none.
   *
   * @param page the reference of the page
   * @throws ProviderUnreachableException when it cannot be known
   */
  default Optional<SavedToken> saved(String page, String key) {
    return Optional.empty();
  }

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

  /** Reads a webhook again that was verified when it came. */
  ProviderEvent reread(byte[] body);

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
   * @param reference by which {@link #fetch} or {@link #saved} knows it; empty if they do not
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
