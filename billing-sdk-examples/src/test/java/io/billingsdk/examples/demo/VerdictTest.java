package io.billingsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.DrainReport;
import io.billingsdk.examples.billingsystem.IssuedKey;
import io.billingsdk.examples.billingsystem.Ledger;
import io.billingsdk.examples.client.CallPlan;
import io.billingsdk.examples.client.CallResult;
import io.billingsdk.examples.client.DemoInputs;
import io.billingsdk.examples.client.PlannedCall;
import io.billingsdk.examples.client.PlannedCall.KeyUse;
import io.billingsdk.examples.usage.UsageLine;
import io.grpc.Status;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each way in which a run can go wrong must be seen: a demo that always agrees proves nothing. */
class VerdictTest {
  private static final Apps APPS =
      new Apps(
          new IssuedKey("aurora", "k_1", "a"),
          new IssuedKey("borealis", "k_2", "b"),
          new IssuedKey("cirrus", "k_3", "c"));
  private static final CallPlan PLAN =
      CallPlan.of(10, 1, new DemoInputs(List.of("Hello."), List.of()));
  private static final Ledger.Figures ARRIVED = new Ledger.Figures(3, 0, 0);
  private static final DrainReport DRAINED = new DrainReport(3, 0, 0, 0);
  private static final List<UsageLine> LINES = List.of(line("aurora", 2), line("borealis", 1));

  @Test
  void problems_everythingAsPlanned_none() {
    assertThat(problems(results(), LINES, LINES, ARRIVED, DRAINED)).isEmpty();
  }

  @Test
  void problems_storedLess_tellsThatTheyDiffer() {
    List<UsageLine> less = List.of(line("aurora", 2));
    assertThat(problems(results(), LINES, less, ARRIVED, DRAINED))
        .singleElement()
        .asString()
        .contains("reported and what was stored differ");
  }

  @Test
  void problems_deniedCallReported_tellsTheApplications() {
    List<UsageLine> more = List.of(line("aurora", 2), line("borealis", 1), line("cirrus", 1));
    assertThat(problems(results(), more, more, ARRIVED, new DrainReport(4, 0, 0, 0)))
        .singleElement()
        .asString()
        .contains("cirrus=1");
  }

  @Test
  void problems_blockedCallLetIn_tellsDenialsAndPlan() {
    List<CallResult> results = results();
    results.replaceAll(
        result ->
            result.key() == KeyUse.BLOCKED ? new CallResult.Answered(result.call(), "") : result);
    assertThat(problems(results, LINES, LINES, ARRIVED, DRAINED))
        .anySatisfy(problem -> assertThat(problem).contains("but the plan has"));
  }

  @Test
  void problems_brokenCall_tellsWhich() {
    List<CallResult> results = results();
    results.set(0, new CallResult.Broken(results.get(0).call(), "UNAVAILABLE"));
    assertThat(problems(results, LINES, LINES, ARRIVED, DRAINED))
        .anySatisfy(problem -> assertThat(problem).contains("call 1 broke"));
  }

  @Test
  void problems_eventsHeldOrMalformed_tellBoth() {
    assertThat(
            problems(
                results(), LINES, LINES, new Ledger.Figures(3, 0, 1), new DrainReport(2, 1, 0, 0)))
        .hasSize(3);
  }

  private static List<String> problems(
      List<CallResult> results,
      List<UsageLine> reported,
      List<UsageLine> stored,
      Ledger.Figures arrived,
      DrainReport drain) {
    return Verdict.problems(
        new Verdict.Accounts(
            PLAN, APPS, new Observed(results), reported, Map.of(), stored, arrived, drain));
  }

  private static List<CallResult> results() {
    List<CallResult> results = new ArrayList<>();
    PLAN.firstHalf().forEach(call -> results.add(result(call, /* blockedNow= */ false)));
    PLAN.secondHalf().forEach(call -> results.add(result(call, /* blockedNow= */ true)));
    return results;
  }

  private static CallResult result(PlannedCall call, boolean blockedNow) {
    return switch (call.key()) {
      case VALID -> new CallResult.Answered(call, "");
      case BLOCKED_HALF_WAY ->
          blockedNow ? denied(call, "CONSUMER_SUSPENDED") : new CallResult.Failed(call, "");
      case BLOCKED -> denied(call, "CONSUMER_SUSPENDED");
      case UNKNOWN -> denied(call, "API_KEY_INVALID");
      case MISSING -> denied(call, "CREDENTIALS_MISSING");
    };
  }

  private static CallResult denied(PlannedCall call, String reason) {
    return new CallResult.Denied(call, Status.Code.PERMISSION_DENIED, reason, "");
  }

  private static UsageLine line(String app, long events) {
    return new UsageLine(app, "k", "llm", "summary-1", events, BigDecimal.ONE);
  }
}
