package io.billingsdk.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.DrainReport;
import io.billingsdk.examples.demo.PlannedCall.KeyUse;
import io.billingsdk.examples.usage.UsageLine;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import io.billingsdk.server.ledger.Streams.StreamState;
import io.grpc.Status;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
  private static final DrainReport DRAINED = DrainReport.of(3, 0, 0);
  private static final List<UsageLine> LINES = List.of(line("aurora", 2), line("borealis", 1));

  @Test
  void problems_everythingAsPlanned_none() {
    assertThat(problems(results(), LINES, ledger(LINES), DRAINED)).isEmpty();
  }

  @Test
  void problems_storedLess_tellsThatTheyDiffer() {
    List<UsageLine> less = List.of(line("aurora", 2));
    assertThat(problems(results(), LINES, ledger(less), DRAINED))
        .singleElement()
        .asString()
        .contains("the reported and the stored usage differ");
  }

  @Test
  void problems_deniedCallReported_tellsTheApplications() {
    List<UsageLine> more = List.of(line("aurora", 2), line("borealis", 1), line("cirrus", 1));
    assertThat(problems(results(), more, ledger(more), DrainReport.of(4, 0, 0)))
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
    assertThat(problems(results, LINES, ledger(LINES), DRAINED))
        .anySatisfy(problem -> assertThat(problem).contains("but the plan has"));
  }

  @Test
  void problems_brokenCall_tellsWhich() {
    List<CallResult> results = results();
    results.set(0, new CallResult.Broken(results.get(0).call(), "UNAVAILABLE"));
    assertThat(problems(results, LINES, ledger(LINES), DRAINED))
        .anySatisfy(problem -> assertThat(problem).contains("call 1 broke"));
  }

  @Test
  void problems_eventsHeldOrRefused_tellBoth() {
    LedgerState refused = new LedgerState(LINES, LINES, 1, List.of(stream(3, List.of())));
    assertThat(problems(results(), LINES, refused, DrainReport.of(2, 1, 0)))
        .hasSize(3)
        .anySatisfy(problem -> assertThat(problem).contains("1 events were refused"));
  }

  @Test
  void problems_streamWithAGap_namesIt() {
    StreamState stream = stream(4, List.of(new SeqRange(2, 2)));
    assertThat(
            problems(results(), LINES, new LedgerState(LINES, LINES, 0, List.of(stream)), DRAINED))
        .anySatisfy(problem -> assertThat(problem).contains("1 numbers are missing"))
        .anySatisfy(problem -> assertThat(problem).contains("a stream is not complete"));
  }

  @Test
  void problems_streamThatIsBehindItsProducer_isNotComplete() {
    LedgerState behind = new LedgerState(LINES, LINES, 0, List.of(stream(2, List.of())));
    assertThat(problems(results(), LINES, behind, DRAINED))
        .singleElement()
        .asString()
        .contains("a stream is not complete");
  }

  @Test
  void problems_rollupsOfOtherEvents_tellThatTheyDiffer() {
    LedgerState wrong =
        new LedgerState(LINES, List.of(line("aurora", 3)), 0, List.of(stream(3, List.of())));
    assertThat(problems(results(), LINES, wrong, DRAINED))
        .singleElement()
        .asString()
        .contains("are not the sums of the events");
  }

  @Test
  void problems_quotaThatCountedOtherwise_tellsBothNumbers() {
    assertThat(problems(results(), LINES, ledger(LINES), 3, DRAINED))
        .singleElement()
        .asString()
        .contains("the quota of aurora counted 3 calls of 2");
  }

  private static List<String> problems(
      List<CallResult> results, List<UsageLine> reported, LedgerState ledger, DrainReport drain) {
    return problems(results, reported, ledger, 2, drain);
  }

  private static List<String> problems(
      List<CallResult> results,
      List<UsageLine> reported,
      LedgerState ledger,
      long counted,
      DrainReport drain) {
    return Verdict.problems(
        new Verdict.Accounts(
            PLAN, APPS, new Observed(results), reported, Map.of(), ledger, counted, drain));
  }

  private static LedgerState ledger(List<UsageLine> lines) {
    return new LedgerState(lines, lines, 0, List.of(stream(3, List.of())));
  }

  /** A stream of which three numbers were given. */
  private static StreamState stream(long highest, List<SeqRange> gaps) {
    return new StreamState(
        new UUID(0, 1),
        "gateway-1",
        StreamOrigin.V2,
        highest,
        3,
        0,
        "1.0",
        3L,
        null,
        gaps,
        List.of(),
        List.of(),
        Instant.EPOCH,
        /* readable= */ true);
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
