package io.billingsdk.examples.demo;

import io.billingsdk.DrainReport;
import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import io.billingsdk.examples.usage.UsageLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds three accounts of the same run against each other: what the client saw, what the gateway
 * reported, what the billing server stored; and all of them against the plan.
 */
final class Verdict {
  private final List<String> problems = new ArrayList<>();

  private Verdict() {}

  /**
   * The accounts to compare.
   *
   * @param counted how many calls the quota of the key in good standing has counted
   */
  record Accounts(
      CallPlan plan,
      Apps apps,
      Observed observed,
      List<UsageLine> reported,
      Map<String, Long> rejected,
      LedgerState ledger,
      long counted,
      DrainReport drain) {}

  static List<String> problems(Accounts accounts) {
    Verdict verdict = new Verdict();
    verdict.compareWithPlan(accounts.plan(), accounts.observed());
    verdict.compareReports(accounts);
    verdict.compareDeliveries(accounts);
    verdict.compareLedger(accounts.ledger());
    verdict.compareQuota(accounts);
    return List.copyOf(verdict.problems);
  }

  private void compareWithPlan(CallPlan plan, Observed observed) {
    check(
        observed.denied().equals(plan.expectedDenials()),
        "denied " + observed.denied() + ", but the plan has " + plan.expectedDenials());
    int planned = plan.firstHalf().size() + plan.secondHalf().size();
    check(
        observed.results().size() == planned,
        observed.results().size() + " calls were made of " + planned);
    observed.broken().stream()
        .limit(3)
        .forEach(
            call -> problems.add("call " + call.call().number() + " broke: " + call.description()));
  }

  /** One report for each call that was let in, by key: so a denied call has reported nothing. */
  private void compareReports(Accounts accounts) {
    Map<String, Long> due = new TreeMap<>();
    for (Map.Entry<KeyUse, Long> allowed : accounts.observed().allowedByKey().entrySet()) {
      due.merge(accounts.apps().appOf(allowed.getKey()), allowed.getValue(), Long::sum);
    }
    check(
        due.equals(byApp(accounts.reported())),
        "calls let in by application were "
            + due
            + ", but usage was reported for "
            + byApp(accounts.reported()));
    check(accounts.rejected().isEmpty(), "events were not accepted: " + accounts.rejected());
    check(
        accounts.reported().equals(accounts.ledger().lines()),
        "the reported and the stored usage differ; see the table");
  }

  private void compareDeliveries(Accounts accounts) {
    long reported = ScenarioResult.events(accounts.reported());
    check(accounts.drain().complete(), "not everything was delivered: " + accounts.drain());
    check(
        accounts.drain().delivered() == reported,
        accounts.drain().delivered() + " events were delivered, but " + reported + " reported");
  }

  /**
   * What the tables say of themselves: sums beside events, streams without gaps, nothing refused.
   */
  private void compareLedger(LedgerState ledger) {
    check(
        ledger.rollups().equals(ledger.lines()),
        "the rollups " + ledger.rollups() + " are not the sums of the events " + ledger.lines());
    check(ledger.refused() == 0, ledger.refused() + " events were refused");
    check(ledger.missing() == 0, ledger.missing() + " numbers are missing: " + ledger.streams());
    check(ledger.isComplete(), "a stream is not complete: " + ledger.streams());
  }

  private void compareQuota(Accounts accounts) {
    String app = accounts.apps().valid().appId();
    long stored = byApp(accounts.ledger().lines()).getOrDefault(app, 0L);
    check(
        accounts.counted() == stored,
        "the quota of " + app + " counted " + accounts.counted() + " calls of " + stored);
  }

  private static Map<String, Long> byApp(List<UsageLine> lines) {
    Map<String, Long> events = new TreeMap<>();
    lines.forEach(line -> events.merge(line.appId(), line.events(), Long::sum));
    return events;
  }

  private void check(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
