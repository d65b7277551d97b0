package io.billingsdk.examples.gateway;

import io.billingsdk.Caller;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.billingsdk.examples.usage.UsageLine;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the gateway reported, by the outcomes that it got: the demo holds the billing system's
 * ledger against it. Thread-safe.
 */
public final class UsageTally {
  private final UsageSums accepted = new UsageSums();
  private final Map<String, Long> rejected = new TreeMap<>();

  /** A tally with nothing in it. */
  public UsageTally() {}

  void count(Caller caller, UsageEvent event, ReportOutcome outcome) {
    if (outcome instanceof ReportOutcome.Rejected refused) {
      countRejected(refused);
      return;
    }
    accepted.add(
        new UsageLine.Subject(
            caller.appId(),
            caller.keyId(),
            String.valueOf(event.module()),
            String.valueOf(event.model())),
        Objects.requireNonNull(event.usage()));
  }

  synchronized void countRejected(ReportOutcome.Rejected refused) {
    rejected.merge(refused.reason() + " " + refused.field(), 1L, Long::sum);
  }

  /** Sums of the events that were accepted. */
  public List<UsageLine> lines() {
    return accepted.lines();
  }

  /** How many events were not accepted, by reason and field. */
  public synchronized Map<String, Long> rejected() {
    return new TreeMap<>(rejected);
  }
}
