package io.billingsdk.server.providers;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.providers.ProviderSettings.PayPalAccount;
import io.billingsdk.server.providers.ProviderSettings.StripeAccount;
import java.net.URL;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Charges, refunds and payment methods through payment providers, and their webhooks. */
public final class ProvidersFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.appendOnly("provider_customer"),
          Table.of("saved_method"),
          Table.of("charge"),
          Table.of("charge_refund"),
          Table.of("provider_event"),
          Table.of("provider_page"),
          Table.of("sandbox_object"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/providers/db";

  private final Platform platform;
  private final ProviderSettings settings;
  private final ProviderMeters meters;
  private @Nullable ProviderParts parts;

  /** Of a server. */
  public ProvidersFeature(Platform platform, ProviderSettings settings) {
    this.platform = platform;
    this.settings = settings;
    this.meters = new ProviderMeters(platform.database());
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("providers.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    ProviderParts all = parts();
    return Stream.of(
            new ChargeRoutes(all).routes(),
            new MethodRoutes(all).routes(),
            new EventRoutes(all).routes())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public List<Meters> metrics() {
    return List.of(meters);
  }

  @Override
  public void close() {
    meters.close();
  }

  @Override
  public List<Job> jobs() {
    return List.of(parts().job(), parts().reconciler());
  }

  /** Charges of invoices, for who retries them; once the feature is started. */
  public InvoiceCharges charges() {
    return parts().charges();
  }

  /** Not in the constructor: it reads secrets from files. */
  private synchronized ProviderParts parts() {
    ProviderParts known = parts;
    if (known == null) {
      InstantSource clock = InstantSource.system();
      known =
          new ProviderParts(
              platform.database(),
              new Providers(adapters(clock)),
              new MethodVault(platform.secrets()),
              settings.publicUrl(),
              clock,
              Failpoint.Hook.NONE);
      parts = known;
    }
    return known;
  }

  private List<PaymentProvider> adapters(InstantSource clock) {
    List<PaymentProvider> all = new ArrayList<>();
    StripeAccount stripe = settings.stripe();
    if (stripe != null) {
      all.add(new StripeProvider(stripe, clock));
    }
    PayPalAccount paypal = settings.paypal();
    if (paypal != null) {
      all.add(new PayPalProvider(paypal, clock));
    }
    if (settings.sandbox()) {
      all.add(new SandboxProvider(platform.database(), clock));
    }
    return all;
  }
}
