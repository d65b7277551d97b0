package io.billingsdk.examples.demo;

import io.billingsdk.DrainReport;
import io.billingsdk.examples.usage.UsageLine;
import java.util.List;
import java.util.Map;

/**
 * The result of a {@link Scenario}.
 *
 * @param calls calls that were made
 * @param allowed calls that reached the business, also those whose work failed
 * @param failed those of the allowed whose work failed, charged with the minimum
 * @param denied calls that were refused, by the reason that the client was given
 * @param reported what the gateway reported and got accepted, as it counted itself
 * @param heldInOutage events that waited in the journal while the billing server was dead
 * @param ledger what the tables of the billing server hold
 * @param drain what the gateway's client says of its deliveries
 * @param problems everything that does not agree, for people; empty when all is well
 */
public record ScenarioResult(
    int calls,
    long allowed,
    long failed,
    Map<String, Long> denied,
    List<UsageLine> reported,
    long heldInOutage,
    LedgerState ledger,
    DrainReport drain,
    List<String> problems) {

  /** The collections are copied. */
  public ScenarioResult {
    denied = Map.copyOf(denied);
    reported = List.copyOf(reported);
    problems = List.copyOf(problems);
  }

  /** What the billing server stored. */
  public List<UsageLine> stored() {
    return ledger.lines();
  }

  /** Whether the reported and the stored usage are the same, in event counts and exact sums. */
  public boolean equal() {
    return reported.equals(ledger.lines());
  }

  /** Whether everything agrees, also with the plan. */
  public boolean ok() {
    return problems.isEmpty();
  }

  /** Events in these lines. */
  static long events(List<UsageLine> lines) {
    return lines.stream().mapToLong(UsageLine::events).sum();
  }
}
