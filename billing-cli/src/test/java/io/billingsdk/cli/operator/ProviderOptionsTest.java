package io.billingsdk.cli.operator;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.cli.console.WrongOptionException;
import io.billingsdk.server.providers.ProviderSettings;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the going-live steps of docs/payments.md promise of the options. */
class ProviderOptionsTest {
  @TempDir Path directory;

  private static ProviderSettings settings(String... arguments) {
    return CommandLine.populateCommand(new ProviderOptions(), arguments).settings(null);
  }

  private List<String> stripe(String mode, String key) throws IOException {
    Path file = Files.writeString(directory.resolve("key"), key + "\n");
    Path secrets = Files.writeString(directory.resolve("webhook"), "whsec_new\n whsec_old \n");
    return List.of(
        "--mode",
        mode,
        "--stripe-key-file",
        "" + file,
        "--stripe-webhook-secret-file",
        "" + secrets);
  }

  @ParameterizedTest
  @CsvSource({"test,rk_test_1", "test,sk_live_1", "production,sk_live_1", "production,rk_live_1"})
  void settings_ofStripe_haveTheKeyAndBothSecrets(String mode, String key) throws IOException {
    ProviderSettings found = settings(stripe(mode, key).toArray(new String[0]));

    assertThat(found.sandbox()).isFalse();
    StripeAccount stripe = requireNonNull(found.stripe());
    assertThat(stripe.key()).isEqualTo(key);
    assertThat(stripe.webhookSecrets()).containsExactly("whsec_new", "whsec_old");
    assertThat(found.toString()).doesNotContain(key, "whsec");
  }

  @ParameterizedTest
  @CsvSource({"rk_test_1", "sk_test_1"})
  void settings_ofProductionWithATestKey_areRefusedWithoutTheKey(String key) throws IOException {
    String[] arguments = stripe("production", key).toArray(new String[0]);

    assertThatThrownBy(() -> settings(arguments))
        .isInstanceOf(WrongOptionException.class)
        .hasMessageContaining("--stripe-key-file holds a test key")
        .hasMessageNotContaining(key);
  }

  @Test
  void settings_ofProductionWithTheSandbox_areRefused() {
    assertThat(settings("--payment-sandbox").sandbox()).isTrue();
    assertThatThrownBy(() -> settings("--mode", "production", "--payment-sandbox"))
        .isInstanceOf(WrongOptionException.class)
        .hasMessageContaining("--payment-sandbox moves no money");
    assertThatThrownBy(() -> settings("--mode", "live"))
        .isInstanceOf(WrongOptionException.class)
        .hasMessageContaining("--mode must be test or production, but was live");
  }

  @Test
  void settings_ofAnEmptyKeyFile_areRefused() throws IOException {
    String[] arguments = stripe("test", "").toArray(new String[0]);

    assertThatThrownBy(() -> settings(arguments))
        .isInstanceOf(WrongOptionException.class)
        .hasMessageContaining("--stripe-key-file must hold the secret key of Stripe");
  }

  @Test
  void settings_ofAKeyWithoutASecretOfWebhooks_areRefused() throws IOException {
    List<String> arguments = new ArrayList<>(stripe("test", "sk_test_1").subList(0, 4));

    assertThatThrownBy(() -> settings(arguments.toArray(new String[0])))
        .isInstanceOf(WrongOptionException.class)
        .hasMessageContaining("--stripe-webhook-secret-file is needed");
  }

  private List<String> paypal(String mode, String id, String secret) throws IOException {
    Path client = Files.writeString(directory.resolve("client"), id + "\n");
    Path hidden = Files.writeString(directory.resolve("secret"), secret + "\n");
    Path webhook = Files.writeString(directory.resolve("webhook-id"), "WH1\n");
    return List.of(
        "--mode",
        mode,
        "--paypal-client-id-file",
        "" + client,
        "--paypal-secret-file",
        "" + hidden,
        "--paypal-webhook-id-file",
        "" + webhook);
  }

  @ParameterizedTest
  @CsvSource({"test,https://api-m.sandbox.paypal.com", "production,https://api-m.paypal.com"})
  void settings_ofPayPal_areOfItsSandboxUnlessInProduction(String mode, String url)
      throws IOException {
    ProviderSettings found = settings(paypal(mode, "client", "hidden").toArray(new String[0]));

    PayPalAccount paypal = requireNonNull(found.paypal());
    assertThat(paypal.url()).hasToString(url);
    assertThat(paypal.clientId()).isEqualTo("client");
    assertThat(paypal.secret()).isEqualTo("hidden");
    assertThat(paypal.webhookId()).isEqualTo("WH1");
    assertThat(found.toString()).doesNotContain("client", "hidden", "WH1");
    assertThat(settings().paypal()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"'',hidden,client-id", "client,'',secret", "a:b,hidden,client-id"})
  void settings_ofPayPalWithoutAPart_areRefused(String id, String secret, String option)
      throws IOException {
    String[] arguments = paypal("test", id, secret).toArray(new String[0]);

    assertThatThrownBy(() -> settings(arguments))
        .isInstanceOf(WrongOptionException.class)
        .hasMessageContaining("--paypal-" + option + "-file is needed with PayPal")
        .hasMessageNotContaining("hidden");
  }
}
