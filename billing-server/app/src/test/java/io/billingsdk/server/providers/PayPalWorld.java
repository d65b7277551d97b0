package io.billingsdk.server.providers;

import io.billingsdk.server.providers.EventRows.EventState;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The parts of a server that charge at a fake of PayPal, beside those of another world. */
final class PayPalWorld implements AutoCloseable {
  static final String CLIENT = "AXclient_of_the_world";
  static final String SECRET = "ELsecret_of_the_world";
  static final String WEBHOOK = "WH0world";

  final FakePayPal fake = new FakePayPal();
  final PayPalAuthority authority;
  private final ProviderWorld world;
  private int number;

  PayPalWorld(ProviderWorld world) {
    this.world = world;
    this.authority = new PayPalAuthority(world.clock());
  }

  static PayPalAccount account(URI url) {
    return new PayPalAccount(url, CLIENT, SECRET, WEBHOOK);
  }

  PayPalProvider paypal() {
    return new PayPalProvider(
        account(fake.url()), world.clock(), Duration.ofSeconds(5), authority.certificates());
  }

  ProviderParts parts() {
    return world.parts(paypal(), Failpoint.Hook.NONE);
  }

  /** A customer who has saved a token of the vault. */
  void customer(String id, String token) {
    world.customer(id);
    world.method(id, ProviderName.PAYPAL, token);
  }

  /** What becomes of a webhook that PayPal has signed. */
  EventState webhook(String type, com.fasterxml.jackson.databind.JsonNode resource) {
    return webhook(PayPalObjects.event("WH-own-" + ++number, type, resource).toString());
  }

  EventState webhook(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    PayPalProvider provider = paypal();
    ProviderEvent event = provider.read(authority.headers(WEBHOOK, bytes), bytes);
    return parts().events().take(provider, event, bytes);
  }

  @Override
  public void close() {
    fake.close();
  }
}
