package io.billingsdk.server.providers;

import io.billingsdk.server.db.Database;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of this feature, as they work together. Immutable. */
final class ProviderParts {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderParts.class);

  private final Database database;
  private final Providers providers;
  private final MethodVault vault;
  private final @Nullable URI back;
  private final ChargeDesk desk;
  private final ChargeSender sender;
  private final InvoiceCharges charges;
  private final ProviderRefunds refunds;

  ProviderParts(
      Database database,
      Providers providers,
      MethodVault vault,
      @Nullable URI back,
      InstantSource clock,
      Failpoint.Hook hook) {
    this.database = database;
    this.providers = providers;
    this.vault = vault;
    this.back = back;
    this.desk = new ChargeDesk(database, clock, hook);
    this.sender = new ChargeSender(database, providers, vault, desk, hook, back);
    this.charges = new InvoiceCharges(database, providers, sender, desk, hook);
    this.refunds = new ProviderRefunds(database, providers, desk, hook);
  }

  Providers providers() {
    return providers;
  }

  InvoiceCharges charges() {
    return charges;
  }

  ProviderRefunds refunds() {
    return refunds;
  }

  PaymentMethods methods(Database in) {
    return new PaymentMethods(in, vault);
  }

  TopUps topUps() {
    return topUps(database);
  }

  /** Within the transaction of a request. */
  TopUps topUps(Database in) {
    return new TopUps(in, providers, sender, desk, charges);
  }

  MethodPages pages() {
    return pages(database);
  }

  /** Within the transaction of a request. */
  MethodPages pages(Database in) {
    return new MethodPages(in, providers, sender, methods(in), back);
  }

  EventDesk events() {
    return new EventDesk(database, desk, refunds, methods(database), vault);
  }

  ChargeReconciler reconciler() {
    return new ChargeReconciler(database, providers, sender, desk, refunds, pages());
  }

  ChargeJob job() {
    return new ChargeJob(database, charges);
  }

  /** After a commit: what fails now is done by the job that looks at what is open. */
  void after(Callable<?> call) {
    try {
      Object unused = call.call();
    } catch (Exception fault) {
      LOG.warn("a call of a payment provider is made again later: {}", fault.toString());
    }
  }

  /** The same without a result. */
  void after(Runnable call) {
    after(
        () -> {
          call.run();
          return true;
        });
  }
}
