package io.billingsdk.examples.demo;

import io.billingsdk.DrainReport;
import io.billingsdk.examples.billingsystem.Ledger;
import io.billingsdk.examples.usage.UsageLine;
import java.util.List;
import java.util.Map;

/**
 * What came out of a {@link Scenario}.
 *
 * @param calls calls that were made
 * @param allowed calls that reached the business, also those whose work failed
 * @param failed those of the allowed whose work failed, charged with the minimum
 * @param denied calls that were refused, by the reason that the client was given
 * @param reported what the gateway reported and got accepted, as it counted itself
 * @param stored what the billing system stored
 * @param arrived what else arrived at the billing system
 * @param drain what the gateway's client says of its deliveries
 * @param problems everything that does not agree, for people; empty when all is well
 */
public record ScenarioResult(
    int calls,
    long allowed,
    long failed,
    Map<String, Long> denied,
    List<UsageLine> reported,
    List<UsageLine> stored,
    Ledger.Figures arrived,
    DrainReport drain,
    List<String> problems) {

  /** The collections are copied. */
  public ScenarioResult {
    denied = Map.copyOf(denied);
    reported = List.copyOf(reported);
    stored = List.copyOf(stored);
    problems = List.copyOf(problems);
  }

  /** Whether what was reported and what was stored is the same, event counts and exact sums. */
  public boolean equal() {
    return reported.equals(stored);
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
