package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueuedBatchTest {
  private static final QueuedEvent WHOLE =
      new QueuedEvent(
          AppendKind.EVENT,
          7,
          9_007_199_254_740_993L,
          1_700_000_000_123L,
          "acme",
          "k_1",
          "llm",
          "gpt \"4\" \u4e2d\n",
          new BigDecimal("0.10"),
          "{\"unit\":\"minutes\"}",
          Map.of("input_tokens", new BigDecimal("12345678901234567890.000000001")),
          "ann",
          "s-1",
          "run-1");

  private static final QueuedEvent BARE =
      new QueuedEvent(
          AppendKind.CORRECTION,
          0,
          0,
          0,
          null,
          null,
          null,
          null,
          new BigDecimal("-3"),
          null,
          Map.of(),
          null,
          null,
          null);

  @Test
  void batch_writtenAndRead_isTheSame() {
    List<QueuedEvent> batch = List.of(WHOLE, BARE, WHOLE);
    assertThat(QueuedBatch.read(QueuedBatch.write(batch))).isEqualTo(batch);
  }

  @Test
  void batch_ofEventsThatAreAlike_hasEachTextOnce() {
    String text = QueuedBatch.write(List.of(WHOLE, WHOLE));
    assertThat(text.split("input_tokens", -1)).hasSize(2);
    assertThat(text.split("acme", -1)).hasSize(2);
  }

  @Test
  void batch_ofAnEarlierVersion_isRead() {
    String text =
        """
        [{"kind":"EVENT","streamId":7,"seq":3,"atMillis":5,"app":"acme","usage":0.1,
          "quantities":{"input_tokens":900},"execution":"run-1"}]
        """;
    assertThat(QueuedBatch.read(text))
        .containsExactly(
            new QueuedEvent(
                AppendKind.EVENT,
                7,
                3,
                5,
                "acme",
                null,
                null,
                null,
                new BigDecimal("0.1"),
                null,
                Map.of("input_tokens", new BigDecimal("900")),
                null,
                null,
                "run-1"));
  }
}
