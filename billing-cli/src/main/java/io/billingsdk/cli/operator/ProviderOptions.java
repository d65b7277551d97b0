package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.PasswordFile;
import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.providers.ProviderSettings;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The payment providers of the server. Secrets come from files or variables alone. */
final class ProviderOptions {
  private static final String KEY_VARIABLE = "BILLING_STRIPE_KEY";
  private static final String WEBHOOK_VARIABLE = "BILLING_STRIPE_WEBHOOK_SECRET";
  private static final String PAYPAL_ID_VARIABLE = "BILLING_PAYPAL_CLIENT_ID";
  private static final String PAYPAL_SECRET_VARIABLE = "BILLING_PAYPAL_SECRET";
  private static final String PAYPAL_WEBHOOK_VARIABLE = "BILLING_PAYPAL_WEBHOOK_ID";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "test or production; production refuses the sandbox; default: test")
  private String mode = "test";

  @Option(
      names = "--payment-sandbox",
      description = "a payment provider in the server that moves no money, for demos and tests")
  private boolean sandbox;

  @Option(
      names = "--stripe-key-file",
      paramLabel = "FILE",
      description = "holds the secret key of Stripe; without it the variable " + KEY_VARIABLE)
  private @Nullable Path stripeKeyFile;

  @Option(
      names = "--stripe-webhook-secret-file",
      paramLabel = "FILE",
      description =
          "holds the secret of the endpoint at Stripe, and on a second line the one before;"
              + " without it the variable "
              + WEBHOOK_VARIABLE)
  private @Nullable Path stripeWebhookFile;

  @Option(
      names = "--paypal-client-id-file",
      paramLabel = "FILE",
      description =
          "holds the client id of an app at PayPal; without it the variable " + PAYPAL_ID_VARIABLE)
  private @Nullable Path paypalIdFile;

  @Option(
      names = "--paypal-secret-file",
      paramLabel = "FILE",
      description =
          "holds the secret of the app at PayPal; without it the variable "
              + PAYPAL_SECRET_VARIABLE)
  private @Nullable Path paypalSecretFile;

  @Option(
      names = "--paypal-webhook-id-file",
      paramLabel = "FILE",
      description =
          "holds the id of the webhook at PayPal, which is in each signature; without it the"
              + " variable "
              + PAYPAL_WEBHOOK_VARIABLE)
  private @Nullable Path paypalWebhookFile;

  ProviderSettings settings(@Nullable URI publicUrl) {
    if (!mode.equals("test") && !mode.equals("production")) {
      throw new WrongOptionException("--mode must be test or production, but was " + mode);
    }
    boolean isProduction = mode.equals("production");
    if (isProduction && sandbox) {
      throw new WrongOptionException(
          "--payment-sandbox moves no money, so --mode production refuses it; leave it out");
    }
    return new ProviderSettings(sandbox, stripe(isProduction), paypal(isProduction), publicUrl);
  }

  private @Nullable StripeAccount stripe(boolean isProduction) {
    String key = PasswordFile.read(stripeKeyFile, KEY_VARIABLE);
    if (key.isEmpty()) {
      if (stripeKeyFile != null) {
        throw new WrongOptionException(
            "--stripe-key-file must hold the secret key of Stripe, but is empty: " + stripeKeyFile);
      }
      return null;
    }
    List<String> secrets =
        PasswordFile.read(stripeWebhookFile, WEBHOOK_VARIABLE)
            .lines()
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .toList();
    if (secrets.isEmpty()) {
      throw new WrongOptionException(
          "--stripe-webhook-secret-file is needed with a key of Stripe: payments would not be"
              + " heard of");
    }
    if (isProduction && key.contains("_test_")) {
      throw new WrongOptionException(
          "--stripe-key-file holds a test key, which moves no money; --mode production needs a"
              + " live key");
    }
    return new StripeAccount(ProviderSettings.STRIPE, key, secrets);
  }

  private @Nullable PayPalAccount paypal(boolean isProduction) {
    String id = PasswordFile.read(paypalIdFile, PAYPAL_ID_VARIABLE);
    String secret = PasswordFile.read(paypalSecretFile, PAYPAL_SECRET_VARIABLE);
    String webhook = PasswordFile.read(paypalWebhookFile, PAYPAL_WEBHOOK_VARIABLE);
    boolean isNamed = paypalIdFile != null || paypalSecretFile != null || paypalWebhookFile != null;
    if (id.isEmpty() && secret.isEmpty() && webhook.isEmpty() && !isNamed) {
      return null;
    }
    requirePayPal("--paypal-client-id-file", "the client id", id);
    requirePayPal("--paypal-secret-file", "the secret", secret);
    requirePayPal("--paypal-webhook-id-file", "the id of the webhook", webhook);
    return new PayPalAccount(
        isProduction ? ProviderSettings.PAYPAL : ProviderSettings.PAYPAL_SANDBOX,
        id,
        secret,
        webhook);
  }

  private static void requirePayPal(String option, String name, String text) {
    if (text.isEmpty() || text.chars().anyMatch(each -> each <= ' ' || each == ':')) {
      throw new WrongOptionException(
          option + " is needed with PayPal: it must hold " + name + ", in one line without spaces");
    }
  }
}
