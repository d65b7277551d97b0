package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ReportOutcome;
import io.billingsdk.ReportOutcome.Rejected;
import io.billingsdk.UsageEvent;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A test must not pass on an event that a real client would reject, nor fail on a good one. */
class EventCheckTest {
  private static final UsageEvent GOOD = UsageEvent.of("sk-1", "llm", "gpt-4", 1);

  @Test
  void report_goodAndBadEvents_answersAsARealClient() {
    List<@Nullable UsageEvent> events = events();
    long refused = 0;
    BillingClient real = switchedOff();
    try {
      for (UsageEvent event : events) {
        TestBilling billing = TestBilling.create();
        String expected = said(real.report(event));
        assertThat(said(billing.report(event))).as("%s", event).isEqualTo(expected);
        refused += expected.equals("accepted") ? 0 : 1;
      }
    } finally {
      real.close(Duration.ZERO);
    }
    assertThat(refused).isBetween(25L, events.size() - 8L);
    Proof.of("testkit-parity").with("events", events.size()).with("refused", refused).print();
  }

  /** It judges events, and reaches no network. */
  private static BillingClient switchedOff() {
    BillingClient client = BillingClient.create(BillingConfig.builder().enabled(false).build());
    client.start();
    return client;
  }

  private static String said(ReportOutcome outcome) {
    return outcome instanceof Rejected rejected
        ? rejected.reason() + " " + rejected.field()
        : "accepted";
  }

  private static List<@Nullable UsageEvent> events() {
    return Arrays.asList(
        null,
        GOOD,
        UsageEvent.of(null, "llm", "m", 1),
        UsageEvent.of(" ", "llm", "m", 1),
        UsageEvent.of("with space", "llm", "m", 1),
        UsageEvent.of("k".repeat(256), "llm", "m", 1),
        UsageEvent.of("k".repeat(257), "llm", "m", 1),
        UsageEvent.of("k", null, "m", 1),
        UsageEvent.of("k", "", "m", 1),
        UsageEvent.of("k", "m".repeat(257), "m", 1),
        UsageEvent.of("k", "llm", null, 1),
        UsageEvent.of("k", "llm", "half \ud83d", 1),
        UsageEvent.of("k", "llm", "m", 0),
        UsageEvent.of("k", "llm", "m", -1),
        UsageEvent.of("k", "llm", "m", 1.5e15),
        UsageEvent.of("k", "llm", "m", 1e17),
        UsageEvent.of("k", "llm", "m", 0.1),
        UsageEvent.of("k", "llm", "m", new BigDecimal("0.000000000000000001")),
        UsageEvent.of("k", "llm", "m", new BigDecimal("0.0000000000000000001")),
        UsageEvent.of("k", "llm", "m", BigDecimal.ONE.scaleByPowerOfTen(1_000_000)),
        UsageEvent.of("k", "llm", "m", new BigDecimal("9007199254740992")),
        UsageEvent.of("k", "llm", "m", new BigDecimal("9007199254740993")),
        GOOD.quantity("input_tokens", 812).quantity("audio_seconds", 1.25),
        GOOD.quantity("input_tokens", -1),
        GOOD.quantity("input_tokens", (BigDecimal) null),
        GOOD.quantity("input_tokens", new BigDecimal("1E-19")),
        GOOD.quantity("Input-Tokens", 1),
        GOOD.quantity("", 1),
        GOOD.quantity("n".repeat(64), 1),
        GOOD.quantity("n".repeat(65), 1),
        quantities(16),
        quantities(17),
        GOOD.withSubject("ann").withSession("s-1").withExecution("run-7"),
        GOOD.withSubject("s".repeat(256)),
        GOOD.withSubject("s".repeat(257)),
        GOOD.withSubject(" "),
        GOOD.withSession("half \ud83d"),
        GOOD.withExecution(""),
        GOOD.withTime(Instant.now().minusSeconds(60)),
        GOOD.withTime(Instant.ofEpochSecond(-1)),
        GOOD.withTime(Instant.now().plus(Duration.ofHours(25))),
        GOOD.withIdempotencyKey("order-1"),
        GOOD.withIdempotencyKey("with space"),
        GOOD.withIdempotencyKey(""),
        with("text", "x".repeat(1024)),
        with("text", "x".repeat(1025)),
        with("text", "zero \0"),
        with("", 1),
        with("n".repeat(65), 1),
        with("number", 1.5f),
        with("number", Double.NaN),
        with("number", BigInteger.ONE.shiftLeft(512)),
        with("number", new BigDecimal("1E-129")),
        with("number", new BigDecimal("12.50")),
        with("number", new AtomicInteger(1)),
        with("flag", true),
        with("nothing", null),
        with("object", new Object()),
        with("map", Map.of("a", 1)),
        with("map", Map.of("a", Map.of("b", 1))),
        with("map", Map.of("a", List.of(1))),
        with("list", Arrays.asList(1, null, "text")),
        with("list", List.of("text", new Object())),
        with("list", List.of(List.of(1))),
        with("list", Collections.nCopies(33, 1)),
        GOOD.withMetadata(numbered(32)),
        GOOD.withMetadata(numbered(33)));
  }

  private static UsageEvent quantities(int count) {
    UsageEvent event = GOOD;
    for (int i = 0; i < count; i++) {
      event = event.quantity("q" + i, i);
    }
    return event;
  }

  private static UsageEvent with(String name, @Nullable Object value) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put(name, value);
    return GOOD.withMetadata(metadata);
  }

  private static Map<String, Integer> numbered(int entries) {
    Map<String, Integer> metadata = new HashMap<>();
    for (int i = 0; i < entries; i++) {
      metadata.put("n" + i, i);
    }
    return metadata;
  }
}
