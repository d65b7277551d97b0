package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
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
    assertThat(text.split("run-1", -1)).hasSize(2);
  }

  @Test
  void batch_ofShapesByTurns_isTheSame() {
    List<QueuedEvent> batch = new ArrayList<>();
    Random random = new Random(20);
    for (int i = 0; i < 1_000; i++) {
      batch.add(random(random));
    }
    assertThat(QueuedBatch.read(QueuedBatch.write(batch))).isEqualTo(batch);
  }

  private static QueuedEvent random(Random random) {
    Map<String, BigDecimal> quantities = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      quantities.put("q" + random.nextInt(3), new BigDecimal(random.nextInt(3) + ".50"));
    }
    return new QueuedEvent(
        random.nextBoolean() ? AppendKind.EVENT : AppendKind.CORRECTION,
        random.nextInt(2),
        random.nextLong(),
        random.nextInt(100),
        some(random),
        some(random),
        "llm",
        "gpt",
        new BigDecimal(random.nextInt(3)).movePointLeft(random.nextInt(3)),
        some(random),
        quantities,
        some(random),
        some(random),
        some(random));
  }

  private static @Nullable String some(Random random) {
    return random.nextBoolean() ? null : "t" + random.nextInt(2);
  }

  @Test
  void batch_ofTheVersionBefore_isRead() {
    String text =
        """
        {"events":[[7,3,1700000000123,0,1,2,3,4,5,-1,6,-1,7,8,9],[7,-1,-1,10,11,-1,-1,4,5,12,-1,-1,-1]],
         "texts":["EVENT","0.10","acme","k_1","llm","gpt","ann","run-1","input_tokens","1.50",
          "CORRECTION","-3","{}"]}
        """;
    assertThat(QueuedBatch.read(text))
        .containsExactly(
            new QueuedEvent(
                AppendKind.EVENT,
                7,
                3,
                1_700_000_000_123L,
                "acme",
                "k_1",
                "llm",
                "gpt",
                new BigDecimal("0.10"),
                null,
                Map.of("input_tokens", new BigDecimal("1.50")),
                "ann",
                null,
                "run-1"),
            new QueuedEvent(
                AppendKind.CORRECTION,
                7,
                2,
                1_700_000_000_122L,
                null,
                null,
                "llm",
                "gpt",
                new BigDecimal("-3"),
                "{}",
                Map.of(),
                null,
                null,
                null));
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
