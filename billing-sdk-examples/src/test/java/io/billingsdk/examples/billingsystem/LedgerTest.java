package io.billingsdk.examples.billingsystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.examples.usage.UsageLine;
import io.billingsdk.wire.UsageReport;
import io.billingsdk.wire.V1Codec;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
  private static final UUID STREAM = UUID.fromString("00000000-0000-4000-8000-000000000001");

  private final KeyRegister keys = new KeyRegister();
  private final IssuedKey key = keys.issue("aurora");
  private final Ledger ledger = new Ledger(keys);

  @Test
  void receive_sameStreamAndSeqTwice_countsOnce() throws IOException {
    ledger.receive(report(STREAM, 1, 10));
    ledger.receive(report(STREAM, 1, 10));
    assertThat(ledger.figures()).isEqualTo(new Ledger.Figures(1, 1, 0));
    assertThat(ledger.lines()).containsExactly(line(1, "10"));
  }

  @Test
  void receive_sameSeqOfAnotherStream_countsBoth() throws IOException {
    ledger.receive(report(STREAM, 1, 10));
    ledger.receive(report(UUID.randomUUID(), 1, 10));
    assertThat(ledger.figures()).isEqualTo(new Ledger.Figures(2, 0, 0));
  }

  @Test
  void receive_repeatWithOtherUsage_keepsTheFirst() throws IOException {
    ledger.receive(report(STREAM, 7, 10));
    ledger.receive(report(STREAM, 7, 99));
    assertThat(ledger.lines()).containsExactly(line(1, "10"));
  }

  @Test
  void receive_withoutStreamAndSeq_countsEachTime() {
    ledger.receive(python("\"usage\":5"));
    ledger.receive(python("\"usage\":5"));
    assertThat(ledger.lines()).containsExactly(line(2, "10"));
  }

  @Test
  void receive_tenthsAThousandTimes_sumIsExact() throws IOException {
    for (int seq = 1; seq <= 1000; seq++) {
      ledger.receive(report(STREAM, seq, 0.1));
    }
    assertThat(ledger.lines()).containsExactly(line(1000, "100"));
  }

  @Test
  void receive_keyOfNobody_isKeptUnderUnknown() throws IOException {
    UsageReport report = new UsageReport(null, "nobody", "llm", "m", 1, 1, null);
    byte[] event = V1Codec.encode(report).orElseThrow();
    ledger.receive(V1Codec.message(event, STREAM, 1));
    assertThat(ledger.lines()).extracting(UsageLine::appId).containsExactly(Ledger.UNKNOWN_APP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{}",
        "{\"usage\":1} {\"usage\":2}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":\"1\",\"timestamp\":1}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":-1,\"timestamp\":1}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1e300,\"timestamp\":1}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1e-999999,\"timestamp\":1}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1,\"timestamp\":1.5}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1}",
        "{\"api_key\":\"k k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1,\"timestamp\":1}",
        "{\"api_key\":\"k\",\"module\":\"\",\"model\":\"m\",\"usage\":1,\"timestamp\":1}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":5,\"usage\":1,\"timestamp\":1}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1,\"timestamp\":1,\"seq\":1}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1,\"timestamp\":1,"
            + "\"seq\":1,\"stream\":\"x\"}",
        "{\"api_key\":\"k\",\"module\":\"m\",\"model\":\"m\",\"usage\":1,\"timestamp\":1,"
            + "\"metadata\":[]}"
      })
  void receive_malformed_isRefusedAndCounted(String message) {
    ledger.receive(message.getBytes(StandardCharsets.UTF_8));
    assertThat(ledger.figures()).isEqualTo(new Ledger.Figures(0, 0, 1));
    assertThat(ledger.lines()).isEmpty();
  }

  @Test
  void awaitStored_fewerThanAsked_falseAfterTheTime() throws IOException {
    ledger.receive(report(STREAM, 1, 1));
    assertThat(ledger.awaitStored(1, Duration.ZERO)).isTrue();
    assertThat(ledger.awaitStored(2, Duration.ofMillis(1))).isFalse();
  }

  @Test
  void keyUpdate_blockedKey_isWhatTheSdkReads() throws IOException {
    KeyRegister.State blocked = keys.block(key, "overdue");
    var update = V1Codec.decodeKeyUpdate(V1Messages.keyUpdate(keys.all(), 42));
    assertThat(update.timestampMillis()).isEqualTo(42);
    assertThat(update.skipped()).isZero();
    assertThat(update.entries())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.apiKey()).isEqualTo(blocked.key().apiKey());
              assertThat(entry.blocked()).isTrue();
              assertThat(entry.reason()).isEqualTo("overdue");
            });
  }

  @Test
  void toString_issuedKey_hidesTheKey() {
    assertThat(key.toString()).doesNotContain(key.apiKey()).contains(key.keyId());
  }

  private UsageLine line(long events, String usage) {
    return new UsageLine(
        key.appId(), key.keyId(), "llm", "summary-1", events, new BigDecimal(usage));
  }

  private byte[] report(UUID stream, long seq, double usage) throws IOException {
    UsageReport report =
        new UsageReport(key.appId(), key.apiKey(), "llm", "summary-1", usage, 1, null);
    return V1Codec.message(V1Codec.encode(report).orElseThrow(), stream, seq);
  }

  /** As the Python SDK sends it. */
  private byte[] python(String usage) {
    return ("{\"app_id\":\"aurora\",\"api_key\":\""
            + key.apiKey()
            + "\",\"module\":\"llm\",\"model\":\"summary-1\","
            + usage
            + ",\"timestamp\":1,\"metadata\":{\"a\":1}}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
