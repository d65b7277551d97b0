package io.billingsdk.server.providers;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which providers a server uses. Immutable.
 *
 * @param sandbox whether the built-in one is there, which moves no money
 * @param stripe null: none
 * @param paypal null: none
 * @param publicUrl where people come back to from pages of providers; null: none, so no pages
 */
public record ProviderSettings(
    boolean sandbox,
    @Nullable StripeAccount stripe,
    @Nullable PayPalAccount paypal,
    @Nullable URI publicUrl) {
  /** No provider. */
  public static final ProviderSettings NONE =
      new ProviderSettings(/* sandbox= */ false, null, null, null);

  /** Where PayPal is. */
  public static final URI PAYPAL = URI.create("https://api-m.paypal.com");

  /** Where PayPal has accounts that move no money. */
  public static final URI PAYPAL_SANDBOX = URI.create("https://api-m.sandbox.paypal.com");

  /**
   * An account at PayPal.
   *
   * @param webhookId of the endpoint, which is in each signature
   */
  public record PayPalAccount(URI url, String clientId, String secret, String webhookId) {
    /** Without the secrets. */
    @Override
    public String toString() {
      return "PayPalAccount[" + url + "]";
    }
  }

  /** Where Stripe is. */
  public static final URI STRIPE = URI.create("https://api.stripe.com");

  /**
   * An account at Stripe.
   *
   * @param webhookSecrets of the endpoint; two while one replaces the other
   */
  public record StripeAccount(URI url, String key, List<String> webhookSecrets) {
    /** Copies the list. */
    public StripeAccount {
      webhookSecrets = List.copyOf(webhookSecrets);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
      return "StripeAccount[" + url + "]";
    }
  }
}
