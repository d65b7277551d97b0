package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.Caller;
import io.billingsdk.Entitlements;
import io.billingsdk.RejectionReason;
import io.billingsdk.ReportOutcome;
import io.billingsdk.UsageEvent;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a call is charged, step by step. */
final class CallAccountTest {
  private final TableClient client = new TableClient().allow("key", "app-1");
  private final FaultLog faults = new FaultLog();
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

  private CallAccount<String, String> account(MeteringRules rules, Metering<String, String> what) {
    return account(rules, what, client);
  }

  private CallAccount<String, String> account(
      MeteringRules rules, Metering<String, String> what, io.billingsdk.BillingClient to) {
    return new CallAccount<>("test.Echo/Talk", what, session(to), rules, faults, nanos::get);
  }

  private static BillingSession session(io.billingsdk.BillingClient to) {
    return new BillingSession(Caller.of("key", "k_1", "app-1"), to, "key", Entitlements.UNLIMITED);
  }

  /** As the listener does it: the check reads the model, and the account is told of both. */
  private void request(
      CallAccount<String, String> account, ModelCheck<String> models, String request) {
    assertThat(models.of(request)).isNull();
    account.request(request, models);
  }

  private static MeteringRules rules(BillOn billOn, double minimum, int every) {
    return new MeteringRules(billOn, minimum, every, /* strict= */ false);
  }

  private static Metering<String, String> counted() {
    return Metering.of("llm", "default", UsageExtractor.countResponses());
  }

  private List<Double> usages() {
    return TableClient.usages(client.reported());
  }

  private Object metadata(int index, String name) {
    Map<String, ?> metadata = requireNonNull(client.reported().get(index).metadata());
    return requireNonNull(metadata.get(name));
  }

  @Test
  void end_twice_makesOneEvent() {
    CallAccount<String, String> account = account(rules(BillOn.ALWAYS, 0, 1_000), counted());
    account.response("a");
    account.endByHandler(Code.OK);
    account.endFromOutside(Code.CANCELLED);
    account.response("too late");
    assertThat(usages()).containsExactly(1.0);
    assertThat(metadata(0, "status")).isEqualTo("OK");
  }

  @Test
  void settleEveryMessages_sumOfEvents_isTheUsage() {
    CallAccount<String, String> account = account(rules(BillOn.OK, 0, 3), counted());
    for (int i = 0; i < 8; i++) {
      account.response("part");
    }
    account.endByHandler(Code.OK);
    assertThat(usages()).containsExactly(3.0, 3.0, 2.0);
    assertThat(List.of(metadata(0, "settlement"), metadata(2, "settlement")))
        .containsExactly("interim", "final");
    assertThat(List.of(metadata(0, "part"), metadata(2, "part"))).containsExactly(1, 3);
    assertThat(metadata(1, "status")).isEqualTo("OPEN");
  }

  @Test
  void settleByTime_withoutNewUsage_makesNoEvent() {
    CallAccount<String, String> account = account(rules(BillOn.OK, 0, 1_000), counted());
    account.settleByTime();
    account.response("one");
    account.settleByTime();
    account.settleByTime();
    account.endByHandler(Code.OK);
    assertThat(usages()).containsExactly(1.0, 0.0);
  }

  @Test
  void endByHandler_failedCallOfWhichAPartIsSettled_takesNothingBack() {
    CallAccount<String, String> account = account(rules(BillOn.OK, 1, 2), counted());
    account.response("a");
    account.response("b");
    account.response("c");
    account.endByHandler(Code.INTERNAL);
    assertThat(usages()).containsExactly(2.0, 0.0);
  }

  @Test
  void charge_byRuleAndEnding_isTheTable() {
    assertThat(rules(BillOn.OK, 2, 1).charge(Code.OK, true, 5)).isEqualTo(5);
    assertThat(rules(BillOn.OK, 2, 1).charge(Code.OK, true, 1)).isEqualTo(1);
    assertThat(rules(BillOn.OK, 2, 1).charge(Code.CANCELLED, false, 5)).isEqualTo(2);
    assertThat(rules(BillOn.OK_OR_CANCELLED, 2, 1).charge(Code.CANCELLED, false, 5)).isEqualTo(5);
    assertThat(rules(BillOn.OK_OR_CANCELLED, 2, 1).charge(Code.CANCELLED, false, 1)).isEqualTo(2);
    assertThat(rules(BillOn.OK_OR_CANCELLED, 2, 1).charge(Code.INTERNAL, true, 5)).isEqualTo(2);
    assertThat(rules(BillOn.ALWAYS, 2, 1).charge(Code.INTERNAL, true, 5)).isEqualTo(5);
  }

  @Test
  void seconds_ofACall_areThoseOfItsClock() {
    CallAccount<String, String> account =
        account(rules(BillOn.OK, 0, 1_000), Metering.of("asr", "m", UsageExtractor.seconds()));
    nanos.addAndGet(2_500_000_000L);
    account.endByHandler(Code.OK);
    assertThat(usages()).containsExactly(2.5);
    assertThat(metadata(0, "duration_ms")).isEqualTo(2_500L);
  }

  @Test
  void extractor_thatThrows_leavesTheLastMeasureAndSaysSo() {
    Metering<String, String> fragile =
        Metering.of(
            "llm",
            "default",
            UsageExtractor.sumOfResponses(
                text -> {
                  if (text.equals("bad")) {
                    throw new IllegalStateException("no number in it");
                  }
                  return 4;
                }));
    CallAccount<String, String> account = account(rules(BillOn.OK, 0, 1), fragile);
    account.response("good");
    account.response("bad");
    account.endByHandler(Code.OK);
    assertThat(usages().stream().mapToDouble(each -> each).sum()).isEqualTo(4);
    assertThat(metadata(client.reported().size() - 1, "measured")).isEqualTo(false);
  }

  @Test
  void extractor_thatMeasuresNonsense_isGivenUp() {
    for (double nonsense : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      TableClient own = new TableClient();
      CallAccount<String, String> account =
          account(
              rules(BillOn.OK, 0, 1_000), Metering.of("llm", "m", () -> elapsed -> nonsense), own);
      account.endByHandler(Code.OK);
      assertThat(TableClient.usages(own.reported())).containsExactly(0.0);
    }
  }

  @Test
  void model_ofTheFirstRequest_isWhatIsCharged() {
    Metering<String, String> metering =
        counted().modelFrom(request -> request).metadataFrom(request -> Map.of("tenant", "t-1"));
    CallAccount<String, String> account = account(rules(BillOn.OK, 0, 1_000), metering);
    ModelCheck<String> models = new ModelCheck<>(metering, session(client), faults);
    request(account, models, "gpt-4");
    request(account, models, "another");
    account.endByHandler(Code.OK);
    assertThat(client.reported().get(0).model()).isEqualTo("gpt-4");
    assertThat(metadata(0, "tenant")).isEqualTo("t-1");
    assertThat(metadata(0, "requests")).isEqualTo(2L);
  }

  @Test
  void model_beyondTheBounds_isChargedAsTheDefaultModel() {
    ForwardingClient strictOne =
        new ForwardingClient(client) {
          @Override
          public ReportOutcome report(@Nullable UsageEvent event) {
            if (event != null && String.valueOf(event.model()).length() > 256) {
              return ReportOutcome.Rejected.of(RejectionReason.INVALID, "model", "too long");
            }
            return super.report(event);
          }
        };
    Metering<String, String> metering = counted().modelFrom(request -> request);
    CallAccount<String, String> account = account(rules(BillOn.OK, 0, 1_000), metering, strictOne);
    request(account, new ModelCheck<>(metering, session(client), faults), "x".repeat(300));
    account.response("one");
    account.endByHandler(Code.OK);
    assertThat(client.reported()).extracting(UsageEvent::model).containsExactly("default");
    assertThat(usages()).containsExactly(1.0);
  }

  @Test
  void builder_badSettings_nameTheFieldAndTheBound() {
    assertThatThrownBy(() -> MeteringInterceptor.builder().build()).hasMessageContaining("method");
    assertThatThrownBy(() -> MeteringInterceptor.builder().minimumOnFailure(-1))
        .hasMessageContaining("minimumOnFailure must be finite and at least 0, but was -1");
    assertThatThrownBy(() -> MeteringInterceptor.builder().settleEveryMessages(0))
        .hasMessageContaining("settleEveryMessages must be at least 1");
    assertThatThrownBy(() -> MeteringInterceptor.builder().settleEvery(Duration.ofMillis(9)))
        .hasMessageContaining("settleEvery must be at least 10ms");
  }
}
