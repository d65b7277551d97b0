package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Caller;
import io.billingsdk.Entitlements;
import io.billingsdk.GenAiUsage;
import io.billingsdk.UsageEvent;
import io.grpc.Status.Code;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A call that is measured in several quantities: what its events say of each. */
final class MeteredQuantitiesTest {
  private final TableClient client = new TableClient().allow("key", "app-1");
  private final AtomicLong nanos = new AtomicLong();

  /** What a meter says at this moment; a test sets it. */
  private final Map<String, BigDecimal> said = new HashMap<>();

  private double usage;

  private CallAccount<String, String> account(
      BillOn billOn, int every, UsageExtractor<String, String> extractor) {
    return new CallAccount<>(
        "test.Echo/Talk",
        Metering.of("llm", "m", extractor),
        new BillingSession(Caller.of("key", "k_1", "app-1"), client, "key", Entitlements.UNLIMITED),
        new MeteringRules(billOn, /* minimumOnFailure= */ 3, every, /* strict= */ false),
        new FaultLog(),
        nanos::get);
  }

  private CallMeter<String, String> meter() {
    return new CallMeter<>() {
      @Override
      public double usage(double elapsedSeconds) {
        return usage;
      }

      @Override
      public Map<String, BigDecimal> quantities(double elapsedSeconds) {
        return said;
      }
    };
  }

  private void says(double total, long input, long output) {
    usage = total;
    said.put("input_tokens", BigDecimal.valueOf(input));
    said.put("output_tokens", BigDecimal.valueOf(output));
  }

  private List<Map<String, BigDecimal>> quantities() {
    return client.reported().stream().map(MeteredQuantitiesTest::quantities).toList();
  }

  private static Map<String, BigDecimal> quantities(UsageEvent event) {
    return Map.copyOf(event.quantities());
  }

  private static Map<String, BigDecimal> tokens(long input, long output) {
    return Map.of(
        "input_tokens", BigDecimal.valueOf(input), "output_tokens", BigDecimal.valueOf(output));
  }

  @Test
  void end_meterOfTwoQuantities_areInTheOneEvent() {
    CallAccount<String, String> account = account(BillOn.OK, 1_000, this::meter);
    says(12, 12, 0);
    account.endByHandler(Code.OK);
    assertThat(quantities()).containsExactly(tokens(12, 0));
  }

  @Test
  void settleEveryMessages_ofSeveralQuantities_sumsAreTheTotals() {
    CallAccount<String, String> account = account(BillOn.OK, 1, this::meter);
    says(10, 10, 0);
    account.response("a");
    says(14, 10, 4);
    account.response("b");
    said.put("images", BigDecimal.ONE);
    account.endByHandler(Code.OK);
    assertThat(TableClient.usages(client.reported())).containsExactly(10.0, 4.0, 0.0);
    assertThat(quantities())
        .containsExactly(
            tokens(10, 0),
            Map.of("output_tokens", BigDecimal.valueOf(4)),
            Map.of("images", BigDecimal.ONE));
  }

  @Test
  void end_quantityThatFell_takesNothingBack() {
    CallAccount<String, String> account = account(BillOn.OK, 1, this::meter);
    says(10, 6, 4);
    account.response("a");
    says(12, 9, 3);
    account.endByHandler(Code.OK);
    assertThat(quantities())
        .containsExactly(tokens(6, 4), Map.of("input_tokens", BigDecimal.valueOf(3)));
  }

  @ParameterizedTest
  @EnumSource
  void end_callThatFailed_isChargedQuantitiesAsItsUsage(BillOn billOn) {
    CallAccount<String, String> account = account(billOn, 1_000, this::meter);
    says(10, 6, 4);
    account.endByHandler(Code.INTERNAL);
    assertThat(quantities()).containsExactly(billOn == BillOn.ALWAYS ? tokens(6, 4) : Map.of());
    assertThat(TableClient.usages(client.reported()))
        .containsExactly(billOn == BillOn.ALWAYS ? 10.0 : 3.0);
  }

  @Test
  void quantities_beyondTheBounds_leaveTheLastMeasureAndSaySo() {
    List<Runnable> nonsense =
        List.of(
            () -> said.put("Tokens", BigDecimal.ONE),
            () -> said.put("tokens", BigDecimal.ONE.negate()),
            () -> said.put("tokens", new BigDecimal("1e-19")),
            () -> said.put("tokens", new BigDecimal("9007199254740993")),
            () -> said.put("tokens", null),
            () -> {
              for (int i = 0; i < 17; i++) {
                said.put("quantity_" + i, BigDecimal.ONE);
              }
            });
    for (Runnable each : nonsense) {
      said.clear();
      int before = client.reported().size();
      CallAccount<String, String> account = account(BillOn.OK, 2, this::meter);
      says(10, 6, 4);
      account.response("a");
      account.response("b");
      each.run();
      usage = 11;
      account.endByHandler(Code.OK);
      List<UsageEvent> events = client.reported().subList(before, client.reported().size());
      assertThat(events.stream().map(MeteredQuantitiesTest::quantities))
          .containsExactly(tokens(6, 4), Map.of());
      assertThat(TableClient.usages(events)).containsExactly(10.0, 0.0);
      assertThat(events.get(1).metadata())
          .hasEntrySatisfying("measured", MeteredQuantitiesTest::no);
    }
  }

  private static void no(Object value) {
    assertThat(value).isEqualTo(false);
  }

  @Test
  void lastResponse_ofUsageAndQuantities_isWhatTheLastOneSays() {
    CallAccount<String, String> account =
        account(
            BillOn.OK,
            1_000,
            UsageExtractor.lastResponse(
                String::length, text -> tokens(text.length(), 2L * text.length())));
    account.response("four");
    account.response("eleven more");
    account.endByHandler(Code.OK);
    assertThat(TableClient.usages(client.reported())).containsExactly(11.0);
    assertThat(quantities()).containsExactly(tokens(11, 22));
  }

  @Test
  void genAi_streamOfAnthropic_isOneEventWithItsTokens() {
    CallAccount<String, String> account =
        account(BillOn.OK, 1_000, UsageExtractor.genAi(GenAiUsage::fromAnthropic));
    account.response(
        "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":25,"
            + "\"cache_read_input_tokens\":100,\"output_tokens\":1}}}");
    account.response("{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"Hi\"}}");
    account.response("{\"type\":\"message_delta\",\"usage\":{\"output_tokens\":15}}");
    account.endByHandler(Code.OK);
    assertThat(TableClient.usages(client.reported())).containsExactly(140.0);
    Map<String, BigDecimal> expected = new HashMap<>(tokens(25, 15));
    expected.put("cache_read_input_tokens", BigDecimal.valueOf(100));
    assertThat(quantities()).containsExactly(expected);
  }
}
