package io.billingsdk.server.providers;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.jobs.Job;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what has become of charges and refunds whose outcome is not known: by the same request
 * with the same key as long as the provider remembers keys, later by its list of the customer's
 * payments.
 */
final class ChargeReconciler implements Job {
  private static final Logger LOG = LoggerFactory.getLogger(ChargeReconciler.class);
  private static final Duration EVERY = Duration.ofSeconds(30);

  /** A page of a provider is over a day after it was made. */
  private static final Duration PAGES = Duration.ofHours(25);

  private static final Duration ABANDONED = Duration.ofDays(7);
  private static final Duration SKEW = Duration.ofMinutes(10);
  private static final int BATCH = 100;

  private final Database database;
  private final Providers providers;
  private final ChargeSender sender;
  private final ChargeDesk desk;
  private final ProviderRefunds refunds;

  ChargeReconciler(
      Database database,
      Providers providers,
      ChargeSender sender,
      ChargeDesk desk,
      ProviderRefunds refunds) {
    this.database = database;
    this.providers = providers;
    this.sender = sender;
    this.desk = desk;
    this.refunds = refunds;
  }

  @Override
  public String name() {
    return "payment-reconcile";
  }

  @Override
  public Duration every() {
    return EVERY;
  }

  @Override
  public void run() {
    List<Charge> charges = database.read(handle -> ChargeRows.toLook(handle, desk.now(), BATCH));
    for (Charge each : charges) {
      if (!Thread.currentThread().isInterrupted()) {
        safely(each);
      }
    }
    refunds.reconcile(BATCH);
  }

  private void safely(Charge charge) {
    try {
      Charge unused = reconcile(charge);
    } catch (RuntimeException fault) {
      LOG.warn("the charge {} cannot be settled yet: {}", charge.id(), fault.toString());
      database.useTransaction(
          handle -> ChargeRows.lookAgain(handle, charge.id(), null, desk.again(charge)));
    }
  }

  /** Looks once. */
  Charge reconcile(Charge charge) {
    PaymentProvider provider = providers.require("provider", charge.provider());
    Duration age = Duration.between(charge.createdAt(), desk.now());
    Optional<SavedMethod> method =
        Optional.ofNullable(charge.methodId())
            .flatMap(id -> database.read(handle -> MethodRows.find(handle, id)));
    boolean canSend = charge.state() == ChargeState.CREATED && age.compareTo(ChargeSender.KEYS) < 0;
    if (canSend && method.isPresent()) {
      return sender.send(charge, method.get());
    }
    if (canSend) {
      return desk.waits(charge.id(), sender.page(provider, charge).url());
    }
    Optional<ProviderPayment> found = found(provider, charge);
    if (found.isPresent()) {
      return sender.settle(provider, charge, new ProviderAnswer.Known(found.get()));
    }
    if (isOver(charge, method.isPresent(), age)) {
      return desk.failed(charge.id(), method.isPresent() ? "never_received" : "page_expired");
    }
    if (charge.state() == ChargeState.REQUIRES_ACTION
        && charge.actionUrl() == null
        && sender.hasPages()) {
      return desk.waits(charge.id(), sender.page(provider, charge).url());
    }
    database.useTransaction(
        handle -> ChargeRows.lookAgain(handle, charge.id(), null, desk.again(charge)));
    return charge;
  }

  private static boolean isOver(Charge charge, boolean hasMethod, Duration age) {
    return switch (charge.state()) {
      case CREATED -> age.compareTo(hasMethod ? ChargeSender.KEYS : PAGES) > 0;
      case REQUIRES_ACTION -> age.compareTo(hasMethod ? ABANDONED : PAGES) > 0;
      case PROCESSING, FAILED, SUCCEEDED, RETURNED -> false;
    };
  }

  /** The payment of the attempt that is the furthest. */
  private Optional<ProviderPayment> found(PaymentProvider provider, Charge charge) {
    String reference = charge.reference();
    if (charge.state() == ChargeState.PROCESSING && reference != null) {
      return provider.fetch(reference) instanceof ProviderAnswer.Known known
          ? Optional.of(known.payment())
          : Optional.empty();
    }
    List<ProviderPayment> all =
        provider.since(
            sender.customer(provider, charge.customer()), charge.createdAt().minus(SKEW));
    return all.stream()
        .filter(each -> charge.intent().equals(each.intent()))
        .filter(each -> each.attempt() == charge.attempt())
        .filter(each -> !isWaiting(charge, each))
        .max(Comparator.comparing(ProviderPayment::state));
  }

  /** Of a page that nobody used, or of one that still waits, nothing new is known. */
  private static boolean isWaiting(Charge charge, ProviderPayment seen) {
    return seen.state().compareTo(charge.state()) <= 0 && seen.state().isLive();
  }
}
