package io.billingsdk.testkit;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Admission;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.BillingListener.DeadLetter;
import io.billingsdk.BillingListener.KeyChange;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import io.billingsdk.DrainReport;
import io.billingsdk.Entitlements;
import io.billingsdk.KeyDecision;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Accepted;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageContext;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;

/**
 * A billing client without a network: a test defines keys and decisions, and looks at the reported
 * events.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>Like a real client.</b> An unknown key is {@code INVALID}, a missing one {@code
 *       MISSING}; an event that a real client would reject is rejected, with the same reason and
 *       field. Events have numbers without gaps, and {@code accepted = delivered + pending +
 *       deadLettered} holds at every moment.
 *   <li><b>At once.</b> It has no thread. A change is complete when its method returns; {@link
 *       #flush} and {@link #awaitReady} do not wait for acts of the test.
 *   <li><b>Nothing outside.</b> It reads no setting, opens no file and no connection.
 * </ul>
 *
 * <p>It does not measure how large an event is when it is encoded, enforce rates, or forget keys
 * after a while; a test can script each of these answers.
 *
 * <p>It works with AssertJ: {@code assertThat(billing).singleEvent().hasUsage(2)}, see {@link
 * TestBillingAssert}. {@link BillingTest} creates one for each test and installs it in {@link
 * io.billingsdk.Billing}.
 *
 * <p>Thread-safe. Listeners are called on the thread that causes the change, with no lock held; a
 * real client has a thread for them.
 */
public final class TestBilling implements BillingClient, AssertProvider<TestBillingAssert> {
  private final KeyBook keys = new KeyBook();
  private final EventBook events = new EventBook();
  private final QuotaBook quotas = new QuotaBook();
  private final CallCounts calls = new CallCounts();
  private final Listeners listeners = new Listeners();

  private TestBilling() {}

  /** A connected client without any key. */
  public static TestBilling create() {
    return new TestBilling();
  }

  // Keys and decisions.

  /**
   * Allows a key, without limits. Also unblocks one.
   *
   * @param apiKey the key, as a caller presents it
   * @param appId the app that it belongs to
   */
  public TestBilling allow(String apiKey, String appId) {
    return allow(apiKey, appId, Entitlements.UNLIMITED);
  }

  /**
   * Allows a key, within its entitlements. The expiry and the models are enforced; {@link #quota}
   * gives it quotas that are.
   */
  public TestBilling allow(String apiKey, String appId, Entitlements entitlements) {
    KeyChange change =
        keys.allow(
            requireNonNull(apiKey, "apiKey"),
            requireNonNull(appId, "appId"),
            requireNonNull(entitlements, "entitlements"));
    listeners.tell(listener -> listener.keyChanged(change));
    return this;
  }

  /**
   * Blocks a key that was allowed, and notifies the listeners: a streaming call with it ends.
   *
   * @throws IllegalArgumentException when the key was not allowed before
   */
  public TestBilling block(String apiKey, String reason) {
    KeyChange change =
        keys.block(requireNonNull(apiKey, "apiKey"), requireNonNull(reason, "reason"));
    listeners.tell(listener -> listener.keyChanged(change));
    return this;
  }

  /** Forgets a key and its scripted decisions: it is unknown from now on. */
  public TestBilling remove(String apiKey) {
    keys.remove(requireNonNull(apiKey, "apiKey"));
    return this;
  }

  /** Sets the decision for each check of a key, until another one is set. Notifies no listener. */
  public TestBilling decide(String apiKey, KeyDecision decision) {
    keys.decide(requireNonNull(apiKey, "apiKey"), requireNonNull(decision, "decision"));
    return this;
  }

  /**
   * Sets the decisions for the next checks of a key, one after the other; then as before. A gRPC
   * call checks its key once, and once more where it is metered and the model is known.
   */
  public TestBilling decideNext(String apiKey, KeyDecision... decisions) {
    keys.decideNext(requireNonNull(apiKey, "apiKey"), List.of(decisions));
    return this;
  }

  /**
   * Gives a key a hard quota that is unused yet. Calls that are admitted take from it at once, as
   * with a real client whose lease is here. For a rate, script the next answers with {@link
   * #decideNext}: {@code Denied.because(RATE_LIMITED).withRetryAfter(…)}.
   *
   * @param meter {@code calls}, {@code usage}, or the name of a quantity
   * @param limit how much
   */
  public TestBilling quota(String apiKey, String meter, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit must be at least 0, but was " + limit);
    }
    quotas.put(
        requireNonNull(apiKey, "apiKey"),
        requireNonNull(meter, "meter"),
        BigDecimal.valueOf(limit));
    return this;
  }

  /** How much of a quota is used, or set aside for calls that are open; 0 without such a quota. */
  public BigDecimal quotaUsed(String apiKey, String meter) {
    return quotas.taken(apiKey, meter);
  }

  /**
   * From now on no key can be checked, as before the first key table or long after the connection
   * broke: decisions are {@code UNAVAILABLE}.
   */
  public TestBilling loseKeys() {
    keys.available(false);
    return this;
  }

  /** Ends {@link #loseKeys}. */
  public TestBilling findKeys() {
    keys.available(true);
    return this;
  }

  // Reports and outages.

  /**
   * Rejects all events from now on.
   *
   * @param reason for example {@link RejectionReason#STORAGE_UNAVAILABLE}
   */
  public TestBilling rejectReports(RejectionReason reason) {
    events.rejectWith(requireNonNull(reason, "reason"));
    return this;
  }

  /** Ends {@link #rejectReports}. */
  public TestBilling acceptReports() {
    events.rejectWith(null);
    return this;
  }

  /**
   * Refuses some events for good, as the billing system does: each is accepted, then set aside as a
   * dead letter, and the listeners are notified.
   *
   * @param which asked when an event would be delivered
   * @param reason passed to the listeners
   */
  public TestBilling refuse(Predicate<UsageEvent> which, String reason) {
    events.refuse(requireNonNull(which, "which"), requireNonNull(reason, "reason"));
    return this;
  }

  /**
   * Breaks the connection: the state is {@code DISCONNECTED}, accepted events wait. Keys are known
   * as before.
   */
  public TestBilling startOutage() {
    return become(ConnectionState.DISCONNECTED);
  }

  /** Ends the outage: the waiting events are delivered, in their order, before this returns. */
  public TestBilling endOutage() {
    return become(ConnectionState.CONNECTED);
  }

  /**
   * How many events may wait in an outage, 0 or more; further events are rejected with {@code
   * BUFFER_FULL}. Default: any number.
   */
  public TestBilling bufferOf(int capacity) {
    if (capacity < 0) {
      throw new IllegalArgumentException("capacity must be at least 0, but was " + capacity);
    }
    events.capacity(capacity);
    return this;
  }

  // The reported events.

  /** All events that were accepted, in their order, with the metadata that they had then. */
  public List<UsageEvent> events() {
    return events.accepted();
  }

  /** Those of them that were delivered. */
  public List<UsageEvent> delivered() {
    return events.delivered();
  }

  /** Those of them that wait for the end of an outage. */
  public List<UsageEvent> pending() {
    return events.pending();
  }

  /** Why events were rejected, in the order in which they were reported. */
  public List<Rejected> rejections() {
    return events.rejections();
  }

  /** The app of an allowed key, also of one that was blocked since. */
  public Optional<String> appOf(@Nullable String apiKey) {
    return keys.appOf(apiKey);
  }

  /**
   * Waits until events were accepted: a gRPC call may be over for its client before it is charged.
   *
   * @param count how many at least, since the beginning or {@link #forgetEvents}
   * @param timeout how long at most; an interrupt ends the wait too (the flag stays set)
   * @return false when they did not come
   */
  public boolean awaitEvents(int count, Duration timeout) {
    try {
      return events.await(count, requireNonNull(timeout, "timeout"));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Forgets the events and rejections, waiting ones too; the keys stay. For tests that share a
   * client.
   */
  public TestBilling forgetEvents() {
    events.forget();
    return this;
  }

  /** For AssertJ: {@code assertThat(billing)} calls it. */
  @Override
  public TestBillingAssert assertThat() {
    return TestBillingAssert.assertThat(this);
  }

  // The client.

  @Override
  public ReportOutcome report(@Nullable UsageEvent event) {
    EventBook.Taken taken =
        events.report(event == null ? null : event.inContext(UsageContext.current()));
    DeadLetter letter = taken.deadLetter();
    if (letter != null) {
      listeners.tell(listener -> listener.eventDeadLettered(letter));
    }
    return taken.outcome();
  }

  /** {@inheritDoc} The future is completed when this returns, also in an outage. */
  @Override
  public CompletableFuture<Accepted> reportDurably(@Nullable UsageEvent event) {
    ReportOutcome outcome = report(event);
    return outcome instanceof Rejected rejected
        ? CompletableFuture.failedFuture(CoreTypes.notAccepted(rejected))
        : CompletableFuture.completedFuture((Accepted) outcome);
  }

  @Override
  public KeyDecision check(@Nullable String apiKey) {
    return keys.check(apiKey);
  }

  @Override
  public Admission admit(@Nullable String apiKey) {
    return admit(apiKey, check(apiKey), null);
  }

  @Override
  public Admission admit(@Nullable UsageEvent estimate) {
    return estimate == null
        ? admit((String) null)
        : admit(estimate.apiKey(), check(estimate.apiKey(), estimate.model()), estimate);
  }

  private Admission admit(
      @Nullable String apiKey, KeyDecision decision, @Nullable UsageEvent estimate) {
    String key = String.valueOf(apiKey);
    Map<String, BigDecimal> held = new TreeMap<>();
    Admission.Refused refused =
        decision instanceof KeyDecision.Denied denied
            ? CoreTypes.refused(denied, null)
            : quotas.reserve(key, estimate, held);
    if (refused == null) {
      calls.admitted();
      return new TestAdmission(this, quotas, key, (KeyDecision.Allowed) decision, estimate, held);
    }
    if (keys.appOf(apiKey).isPresent()) {
      calls.refused(refused.reason());
    }
    return refused;
  }

  @Override
  public ClientStatus status() {
    return CoreTypes.status(
        events.link(), events.counts(), keys.counts(), quotas.size(), calls.counts());
  }

  /** {@inheritDoc} Answers at once. */
  @Override
  public boolean awaitReady(Duration timeout) {
    return keys.available() && events.link().state() != ConnectionState.CLOSED;
  }

  /** {@inheritDoc} Answers at once: in an outage, waiting events are {@code held}. */
  @Override
  public DrainReport flush(Duration timeout) {
    return CoreTypes.drained(events.counts());
  }

  /** {@inheritDoc} Waiting events are {@code held}, as in a journal on disk. */
  @Override
  public DrainReport close(Duration timeout) {
    if (events.link().state() != ConnectionState.CLOSED) {
      become(ConnectionState.CLOSED);
    }
    return CoreTypes.drained(events.counts());
  }

  @Override
  public void addListener(BillingListener listener) {
    listeners.add(requireNonNull(listener, "listener"));
  }

  @Override
  public void removeListener(BillingListener listener) {
    listeners.remove(requireNonNull(listener, "listener"));
  }

  /** Shows no key and no event. */
  @Override
  public String toString() {
    EventCounts counts = events.counts();
    return "TestBilling[state="
        + events.link().state()
        + ", accepted="
        + counts.accepted()
        + ", pending="
        + counts.pending()
        + ", keys="
        + keys.counts().known()
        + "]";
  }

  private TestBilling become(ConnectionState state) {
    List<DeadLetter> letters = events.become(state);
    ClientStatus status = status();
    listeners.tell(listener -> listener.statusChanged(status));
    letters.forEach(letter -> listeners.tell(listener -> listener.eventDeadLettered(letter)));
    return this;
  }
}
