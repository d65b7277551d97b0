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
  private final MethodPages pages;

  ChargeReconciler(
      Database database,
      Providers providers,
      ChargeSender sender,
      ChargeDesk desk,
      ProviderRefunds refunds,
      MethodPages pages) {
    this.database = database;
    this.providers = providers;
    this.sender = sender;
    this.desk = desk;
    this.refunds = refunds;
    this.pages = pages;
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
    pages.reconcile(BATCH);
  }

  private void safely(Charge charge) {
    try {
      Charge unused = reconcile(charge);
    } catch (ProviderDeniedException denied) {
      Charge unused = sender.denied(charge, String.valueOf(denied.getMessage()));
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
    boolean canSend =
        charge.state().isUnsent()
            && (charge.reference() == null || !provider.hasLastingReferences())
            && age.compareTo(provider.keys()) < 0;
    if (canSend && method.isPresent()) {
      return sender.send(charge, method.get());
    }
    if (canSend) {
      return desk.waits(charge.id(), sender.page(provider, charge));
    }
    Optional<ProviderAnswer> found = found(provider, charge);
    if (found.isPresent()) {
      return sender.settle(provider, charge, found.get());
    }
    Duration keys = provider.keys();
    if (isOver(charge, method.isPresent() ? keys : PAGES, age)) {
      return desk.failed(charge.id(), method.isPresent() ? "never_received" : "page_expired");
    }
    if (charge.state() == ChargeState.REQUIRES_ACTION
        && charge.actionUrl() == null
        && sender.hasPages()) {
      return desk.waits(charge.id(), sender.page(provider, charge));
    }
    database.useTransaction(
        handle -> ChargeRows.lookAgain(handle, charge.id(), null, desk.again(charge)));
    return charge;
  }

  private static boolean isOver(Charge charge, Duration unsent, Duration age) {
    return switch (charge.state()) {
      case CREATED, NEEDS_OPERATOR -> age.compareTo(unsent) > 0;
      case REQUIRES_ACTION -> age.compareTo(charge.methodId() == null ? PAGES : ABANDONED) > 0;
      case PROCESSING, FAILED, SUCCEEDED, RETURNED -> false;
    };
  }

  /** The payment of the attempt that is the furthest. */
  private Optional<ProviderAnswer> found(PaymentProvider provider, Charge charge) {
    String reference = charge.reference();
    boolean isFetched = charge.state() == ChargeState.PROCESSING || provider.hasLastingReferences();
    if (reference != null && isFetched) {
      return fetched(provider, charge, reference);
    }
    List<ProviderPayment> all =
        provider.since(
            sender.customer(provider, charge.customer()), charge.createdAt().minus(SKEW));
    return all.stream()
        .filter(each -> charge.intent().equals(each.intent()))
        .filter(each -> each.attempt() == charge.attempt())
        .filter(each -> !isWaiting(charge, each))
        .max(Comparator.comparing(ProviderPayment::state))
        .map(ProviderAnswer.Known::new);
  }

  private static Optional<ProviderAnswer> fetched(
      PaymentProvider provider, Charge charge, String reference) {
    ProviderAnswer answer = provider.fetch(reference);
    if (answer instanceof ProviderAnswer.Denied denied) {
      throw new ProviderDeniedException(denied.why());
    }
    if (answer instanceof ProviderAnswer.Known known) {
      return isWaiting(charge, known.payment()) ? Optional.empty() : Optional.of(answer);
    }
    return answer instanceof ProviderAnswer.Approved ? Optional.of(answer) : Optional.empty();
  }

  /** Of a page that nobody used, or of one that still waits, nothing new is known. */
  private static boolean isWaiting(Charge charge, ProviderPayment seen) {
    return seen.state().compareTo(charge.state()) <= 0 && seen.state().isLive();
  }
}
