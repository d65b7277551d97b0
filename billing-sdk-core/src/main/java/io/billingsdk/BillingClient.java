package io.billingsdk;

import static java.util.Objects.requireNonNull;

import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.internal.client.DisabledBillingClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reports usage and answers for API keys.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>Never in the way.</b> {@link #report} and {@link #check} do not wait for the network,
 *       for a disk, or for a lock that is held across either, and throw nothing.
 *   <li><b>Nothing silent.</b> An event is accepted and then delivered, or the caller learns why
 *       not. {@link ClientStatus.Delivery} accounts for every one.
 *   <li><b>Order.</b> Events are sent in the order in which they were accepted. A receiver may see
 *       one twice after an outage, and recognises it by {@code (stream, seq)}.
 * </ul>
 *
 * <p>Accepted events survive the death of the process, except those on their way to the file.
 * {@link Durability} chooses how much a power cut can cost. With {@link
 * BillingConfigBuilder#journalInMemory} they do not survive.
 *
 * <p>Thread-safe. A service has one, which {@link Billing#start} creates and keeps for the whole
 * process. {@link #create} creates another one beside it, for a second application context, a
 * container or a test; start it, and close it. Clients of one process may share a journal
 * directory, and each needs its own client id. All threads of a client are daemons.
 */
public interface BillingClient extends AutoCloseable {

  /**
   * Creates a client that is not the one of {@link Billing}. It does nothing until {@link #start}:
   * no thread, no file and no connection. Until then {@link #report} answers {@link
   * RejectionReason#NOT_STARTED}, {@link #check} {@link DenialReason#UNAVAILABLE}.
   */
  static BillingClient create(BillingConfig config) {
    requireNonNull(config, "config");
    return config.enabled()
        ? DefaultBillingClient.create(config)
        : DisabledBillingClient.create(config);
  }

  /**
   * Opens the journal, begins to connect, and returns without waiting for the broker. Call it once.
   * A client that needs no start, such as a fake, does nothing here.
   *
   * @throws BillingException when it was started or closed already, a PEM file cannot be read, or
   *     the journal's directory cannot be used. After such a failure create another client
   */
  default void start() {}

  /**
   * Accepts a usage event for delivery, or says why not. Null, and an event with any fault, is
   * rejected; the outcome has the reason.
   */
  ReportOutcome report(@Nullable UsageEvent event);

  /**
   * Like {@link #report}, and completes when the event would survive a power cut.
   *
   * @return completed when the event is forced to disk; or exceptionally with {@link
   *     BillingException}, whose {@link BillingException#rejection} says why it was not accepted,
   *     or is empty when it was accepted and cannot be forced. Completed on the thread {@code
   *     billing-callbacks}
   */
  CompletableFuture<ReportOutcome.Accepted> reportDurably(@Nullable UsageEvent event);

  /** Decides from memory whether a key may be used. Null and blank count as missing. */
  KeyDecision check(@Nullable String apiKey);

  /**
   * Like {@link #check(String)}, and checks whether the key may be used for this model.
   *
   * @param model as it will be reported, for example {@code gpt-4}; null counts as a model that
   *     only a key for all models may use
   */
  default KeyDecision check(@Nullable String apiKey, @Nullable String model) {
    KeyDecision decision = check(apiKey);
    return decision instanceof KeyDecision.Allowed allowed
            && !allowed.entitlements().allowsModel(model == null ? "" : model)
        ? KeyDecision.Denied.because(DenialReason.MODEL_NOT_ALLOWED)
        : decision;
  }

  /**
   * Asks whether a call may go on when only its key is known yet: whether the key may be used, its
   * rate, and its quota of calls. {@link Admission.Admitted#reserve} adds the rest when that is
   * known.
   *
   * <p>As {@link #check}, it decides from memory: quotas and rates by what the billing system has
   * leased to this process. Everything that was admitted is to be settled or closed.
   *
   * @return refused with {@link DenialReason#UNAVAILABLE} also when no lease of a quota is here
   *     yet; the client asks for one then
   */
  default Admission admit(@Nullable String apiKey) {
    return PlainAdmission.by(this, check(apiKey), null);
  }

  /**
   * Asks whether a call may go on that is going to use about this much: whether the key may be used
   * for the model, its rate, and its quotas: either all of them are debited or none.
   *
   * <p>A quota of {@code calls} counts the event, one of {@code usage} its usage, any other its
   * quantity of that name. A quota is not asked when the estimate does not have its number. An
   * estimate of 0 is admitted while anything is left. A number that no event may have counts as 0.
   *
   * @param estimate as it would be reported; null counts as one without a key
   */
  default Admission admit(@Nullable UsageEvent estimate) {
    return estimate == null
        ? admit((String) null)
        : PlainAdmission.by(this, check(estimate.apiKey(), estimate.model()), estimate);
  }

  /** The state of the client now. */
  ClientStatus status();

  /**
   * Waits until keys can be checked: a key update was received, or the last process left a table
   * that is not too old.
   *
   * @param timeout how long at most
   * @return false when the time ran out, the client was closed, or the thread was interrupted (its
   *     interrupt flag is then set)
   */
  boolean awaitReady(Duration timeout);

  /**
   * Waits until every event accepted before this call is delivered or set aside.
   *
   * @param timeout how long at most; an interrupt ends the wait too (the flag stays set)
   * @return the state at that time, with events accepted later: the events delivered, still held,
   *     set aside, and dropped since the start. Nothing is lost by a flush
   */
  DrainReport flush(Duration timeout);

  /**
   * Accepts nothing more, tries to deliver what it has, disconnects and stops its threads.
   *
   * <p>Callers of a second {@code close} wait for the first and get the same report.
   *
   * @param timeout how long to try to deliver; stopping itself takes up to 10 seconds more
   * @return the events delivered, held in the journal for the next process, set aside, and dropped
   *     or lost
   */
  DrainReport close(Duration timeout);

  /** Calls {@link #close(Duration)} with 10 seconds. */
  @Override
  default void close() {
    close(Duration.ofSeconds(10));
  }

  /** Adds a listener. One that was added already is not added again. */
  void addListener(BillingListener listener);

  /** Removes a listener. It may still be called once if a call is under way. */
  void removeListener(BillingListener listener);
}
