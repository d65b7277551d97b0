package io.billingsdk.testkit;

import static java.util.Objects.requireNonNull;

import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the events of a {@link TestBilling}.
 *
 * <p>Those that expect events wait for them, 5 seconds unless {@link #within} changes it: a gRPC
 * call may be over for its client before it is charged. All others look once. No message shows a
 * key. For one thread.
 */
public final class TestBillingAssert extends AbstractAssert<TestBillingAssert, TestBilling> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Duration patience = PATIENCE;

  private TestBillingAssert(TestBilling actual) {
    super(actual, TestBillingAssert.class);
  }

  /** Assertions on a client; AssertJ's own {@code assertThat} does the same. */
  public static TestBillingAssert assertThat(TestBilling actual) {
    return new TestBillingAssert(actual);
  }

  /** Sets how long the following assertions wait for events. Default: 5 seconds. */
  public TestBillingAssert within(Duration timeout) {
    patience = requireNonNull(timeout, "timeout");
    return this;
  }

  /** Exactly this number of events was accepted. */
  public TestBillingAssert hasEvents(int count) {
    var unused = actual.awaitEvents(count, patience);
    List<UsageEvent> events = actual.events();
    if (events.size() != count) {
      failWithMessage(
          "Expected %d events, but %d were accepted and %d rejected:%n  %s%n  %s",
          count, events.size(), actual.rejections().size(), events, actual.rejections());
    }
    return this;
  }

  /** No event was accepted until now. */
  public TestBillingAssert hasNoEvents() {
    return hasEvents(0);
  }

  /** Exactly one event was accepted: this. */
  public UsageEventAssert singleEvent() {
    hasEvents(1);
    return event(0);
  }

  /**
   * An event in the order of acceptance.
   *
   * @param index from 0
   */
  public UsageEventAssert event(int index) {
    if (!actual.awaitEvents(index + 1, patience)) {
      failWithMessage(
          "Expected %d events or more, but %d were accepted and %d rejected: %s",
          index + 1, actual.events().size(), actual.rejections().size(), actual.rejections());
    }
    UsageEvent event = actual.events().get(index);
    return new UsageEventAssert(event, actual.appOf(event.apiKey()).orElse(null));
  }

  /** The usage of all events of a module sums up to this, whatever their apps and models. */
  public TestBillingAssert hasUsage(String module, BigDecimal usage) {
    BigDecimal sum =
        actual.events().stream()
            .filter(event -> module.equals(event.module()))
            .flatMap(event -> Stream.ofNullable(event.usage()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    if (sum.compareTo(usage) != 0) {
      failWithMessage("Expected a usage of %s of module %s, but it is %s", usage, module, sum);
    }
    return this;
  }

  /** As {@link #hasUsage(String, BigDecimal)}. */
  public TestBillingAssert hasUsage(String module, double usage) {
    return hasUsage(module, BigDecimal.valueOf(usage));
  }

  /** Exactly this number of events was delivered. */
  public TestBillingAssert hasDelivered(int count) {
    return hasCount("delivered", actual.delivered().size(), count);
  }

  /** Exactly this number of events waits for the end of an outage. */
  public TestBillingAssert hasPending(int count) {
    return hasCount("pending", actual.pending().size(), count);
  }

  /** No event was rejected. */
  public TestBillingAssert hasNoRejections() {
    List<Rejected> rejections = actual.rejections();
    if (!rejections.isEmpty()) {
      failWithMessage("Expected no event to be rejected, but: %s", rejections);
    }
    return this;
  }

  /** At least one event was rejected for this reason. */
  public TestBillingAssert hasRejected(RejectionReason reason) {
    List<Rejected> rejections = actual.rejections();
    if (rejections.stream().noneMatch(each -> each.reason() == reason)) {
      failWithMessage("Expected an event to be rejected with %s, but: %s", reason, rejections);
    }
    return this;
  }

  private TestBillingAssert hasCount(String what, int found, int expected) {
    if (found != expected) {
      failWithMessage("Expected %d events %s, but there are %d", expected, what, found);
    }
    return this;
  }
}
