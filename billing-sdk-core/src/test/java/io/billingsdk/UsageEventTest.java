package io.billingsdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events as values: exact, immutable, and silent about what is nobody's business. */
final class UsageEventTest {
  private static final String KEY = "sk-canary";

  private static UsageEvent event() {
    return UsageEvent.of(KEY, "llm", "gpt-4", 1_026);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "1.5, 1.5",
    "100, 100",
    "1e10, 10000000000",
    "-0.0, 0",
    "0.30000000000000004, 0.30000000000000004",
    "1e-18, 0.000000000000000001",
    "0.0014285714285714286, 0.001428571428571429",
    "12345678.91, 12345678.91"
  })
  void of_aDouble_isTheDecimalThatItIsWrittenAsWithAtMost18Decimals(double usage, String exact) {
    assertThat(UsageEvent.of(KEY, "llm", "m", usage).usage())
        .isEqualByComparingTo(new BigDecimal(exact));
  }

  @Test
  void of_aDoubleThatIsNoNumber_hasNoUsage_andOneThatWouldBeNothingIsNotMadeSo() {
    assertThat(UsageEvent.of(KEY, "llm", "m", Double.NaN).usage()).isNull();
    assertThat(UsageEvent.of(KEY, "llm", "m", Double.NEGATIVE_INFINITY).usage()).isNull();
    assertThat(UsageEvent.of(KEY, "llm", "m", 1e-19).usage()).isPositive();
  }

  @Test
  void equals_ofEqualNumbersInOtherForms_isTrue() {
    UsageEvent whole = UsageEvent.of(KEY, "llm", "m", 100).quantity("bytes", 100);

    assertThat(UsageEvent.of(KEY, "llm", "m", 100.0).quantity("bytes", 100.0)).isEqualTo(whole);
    assertThat(
            UsageEvent.of(KEY, "llm", "m", new BigDecimal("1E+2"))
                .quantity("bytes", new BigDecimal("100.00")))
        .isEqualTo(whole)
        .hasSameHashCodeAs(whole);
    assertThat(whole.quantity("bytes", 101)).isNotEqualTo(whole);
    assertThat(whole.withSubject("x")).isNotEqualTo(whole);
    assertThat(UsageEvent.of("other", "llm", "m", 100).quantity("bytes", 100)).isNotEqualTo(whole);
  }

  @Test
  void with_anyField_changesThisOneInAnotherEvent() {
    UsageEvent plain = event();
    UsageEvent full =
        plain
            .quantity(Quantities.INPUT_TOKENS, 812)
            .quantity(Quantities.AUDIO_SECONDS, 1.25)
            .quantity("credits", new BigDecimal("0.10"))
            .withSubject("user-7")
            .withSession("chat-1")
            .withExecution("run-9")
            .withMetadata(Map.of("a", 1))
            .withTime(Instant.EPOCH)
            .withIdempotencyKey("id-1");

    assertThat(plain).isEqualTo(event());
    assertThat(plain.quantities()).isEmpty();
    assertThat(full.quantities().keySet())
        .containsExactly("input_tokens", "audio_seconds", "credits");
    assertThat(full.quantities().get("credits")).isEqualTo(new BigDecimal("0.1"));
    assertThat(full.toBuilder().build()).isEqualTo(full);
    assertThat(full.subject()).isEqualTo("user-7");
    assertThat(full.session()).isEqualTo("chat-1");
    assertThat(full.execution()).isEqualTo("run-9");
    assertThat(full.withQuantities(null).quantities()).isEmpty();
    assertThat(full.quantity("credits", 5).quantities()).hasSize(3).containsKey("credits");
  }

  @Test
  void build_usedOnAfterwards_leavesTheEventThatItMade() {
    UsageEventBuilder builder = UsageEvent.builder(KEY, "llm", "m").usage(1).quantity("a", 1);
    UsageEvent first = builder.build();
    UsageEvent second = builder.quantity("b", 2).build();

    assertThat(first.quantities()).containsOnlyKeys("a");
    assertThat(second.quantities()).containsOnlyKeys("a", "b");
  }

  @Test
  void quantities_ofAMapThatChanges_areThoseOfTheCall() {
    Map<String, BigDecimal> given = new LinkedHashMap<>(Map.of("a", BigDecimal.ONE));
    UsageEvent event = event().withQuantities(given);
    given.put("b", BigDecimal.TEN);
    Map<String, BigDecimal> many = new HashMap<>();
    for (int i = 0; i < 1_000; i++) {
      many.put("q" + i, BigDecimal.ONE);
    }

    assertThat(event.quantities()).containsOnlyKeys("a");
    assertThat(event().withQuantities(many).quantities()).hasSizeBetween(17, 20);
  }

  @Test
  void inContext_fillsOnlyWhatTheEventDoesNotSay() {
    UsageContext context = UsageContext.EMPTY.withSubject("of context").withSession("chat-1");
    UsageEvent own = event().withSubject("own").inContext(context);

    assertThat(own.subject()).isEqualTo("own");
    assertThat(own.session()).isEqualTo("chat-1");
    assertThat(own.execution()).isNull();
    assertThat(event().inContext(UsageContext.EMPTY)).isEqualTo(event());
  }

  @Test
  void withSubject_ofNoSubject_isLeftOutOfTheContext() {
    UsageContext context = UsageContext.EMPTY.withSubject("kept");

    assertThat(context.withSession("x".repeat(257)).session()).isNull();
    assertThat(context.withSession(" ").withExecution("\ud83d").subject()).isEqualTo("kept");
    assertThat(UsageContext.EMPTY.withSubject("\u0000").isEmpty()).isTrue();
    assertThat(context.withSession("x".repeat(256)).session()).hasSize(256);
  }

  @Test
  void toString_hasNothingOfKeyMetadataAndUsers() {
    UsageContext context =
        UsageContext.EMPTY.withSubject("canary").withSession("canary").withExecution("canary");
    String shown =
        event()
            .inContext(context)
            .withMetadata(Map.of("canary", "canary"))
            .withIdempotencyKey("canary")
            .quantity("input_tokens", 812)
            .toString();

    assertThat(shown).contains("gpt-4", "1026", "input_tokens=812").doesNotContain("canary");
    assertThat(context.toString()).doesNotContain("canary");
  }

  @Test
  void includedIn_reasoning_isOutput_andEveryOtherStandsAlone() {
    assertThat(Quantities.includedIn(Quantities.REASONING_OUTPUT_TOKENS))
        .contains(Quantities.OUTPUT_TOKENS);
    assertThat(Quantities.includedIn(Quantities.CACHE_READ_INPUT_TOKENS)).isEmpty();
    assertThat(Quantities.includedIn("of_my_own")).isEmpty();
  }
}
