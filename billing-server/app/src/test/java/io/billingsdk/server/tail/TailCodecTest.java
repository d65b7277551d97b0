package io.billingsdk.server.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TailCodecTest {
  private static final long SEED = Long.getLong("tail.seed", System.nanoTime());
  private static final UUID STREAM = new UUID(1, 2);

  private static final EventRef CORRECTED =
      new EventRef(STREAM, 7, Instant.parse("2026-03-01T10:00:00.123Z"));

  private final Random random = new Random(SEED);

  private static TailItem.Usage usage(String module, @Nullable String metadata) {
    return new TailItem.Usage(
        Instant.parse("2026-03-01T10:00:00.123Z"),
        STREAM,
        Long.MAX_VALUE,
        "gateway-1",
        "acme",
        null,
        module,
        "gpt-4",
        new BigDecimal("1.50"),
        metadata,
        EventDetails.NONE,
        module.equals("corrected") ? CORRECTED : null);
  }

  private static List<TailItem> decoded(List<String> messages) {
    return messages.stream().flatMap(message -> TailCodec.decode(message).stream()).toList();
  }

  private String text(int maximum) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(maximum);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          random.nextInt(3) == 0 ? 0x1F600 + random.nextInt(40) : 1 + random.nextInt(0x2000));
    }
    return text.toString();
  }

  @Test
  void encode_anyItems_areDecodedAsTheyWereAndFitIntoNotifications() {
    List<TailItem> items = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      items.add(usage("corrected", null));
      items.add(usage(text(200), i % 2 == 0 ? null : "{\"n\":1.50}"));
      items.add(
          new TailItem.Rejected(
              Instant.EPOCH, i % 3 == 0 ? null : STREAM, i, null, "TOO_OLD", text(300)));
    }

    List<String> messages = TailCodec.encode(items, 0);

    assertThat(decoded(messages)).as("seed %d", SEED).isEqualTo(items);
    assertThat(messages)
        .as("seed %d", SEED)
        .allMatch(message -> message.getBytes(StandardCharsets.UTF_8).length < 8_000);
  }

  @Test
  void encode_metadataTooLong_areLeftOut() {
    String metadata = "{\"text\":\"" + "x".repeat(9_000) + "\"}";

    assertThat(decoded(TailCodec.encode(List.of(usage("llm", metadata)), 0)))
        .containsExactly(usage("llm", null));
  }

  @Test
  void encode_itemThatCannotFit_isCountedAsLost() {
    List<TailItem> items = List.of(usage("x".repeat(9_000), null), usage("llm", null));

    assertThat(decoded(TailCodec.encode(items, 3)))
        .containsExactly(usage("llm", null), new TailItem.Lost(4));
  }

  @Test
  void decode_notificationOfSomebodyElse_isSkipped() {
    for (String foreign :
        List.of(
            "",
            "x",
            "[]",
            "{}",
            "{\"items\":[{}]}",
            "{\"items\":[{\"code\":1}]}",
            "[".repeat(99))) {
      assertThat(TailCodec.decode(foreign)).as(foreign).isEmpty();
    }
  }

  @Test
  void filter_metadata_areComparedAsTheDatabaseWritesThem() {
    TailItem.Usage event =
        usage("llm", "{\"n\":1.50,\"big\":1E+3,\"b\":true,\"s\":\"eu\",\"o\":{},\"z\":null}");

    assertThat(accepts(Map.of("n", "1.50", "big", "1000", "b", "true", "s", "eu"), event)).isTrue();
    assertThat(accepts(Map.of("n", "1.5"), event)).isFalse();
    assertThat(accepts(Map.of("z", "null"), event)).isFalse();
    assertThat(accepts(Map.of("absent", ""), event)).isFalse();
    assertThat(accepts(Map.of("s", "eu"), usage("llm", null))).isFalse();
  }

  @Test
  void filter_ofAnApp_showsNothingThatWasRefused() {
    TailItem refused = new TailItem.Rejected(Instant.EPOCH, STREAM, 1, null, "TOO_OLD", "old");

    assertThat(TailFilter.ALL.accepts(refused)).isTrue();
    assertThat(new TailFilter(EventFilter.ALL.ofApp("acme"), true, true).accepts(refused))
        .isFalse();
    assertThat(new TailFilter(EventFilter.ALL, true, false).accepts(refused)).isFalse();
  }

  private static boolean accepts(Map<String, String> metadata, TailItem.Usage event) {
    EventFilter filter = new EventFilter(null, null, null, null, metadata, false);
    return new TailFilter(filter, true, true).accepts(event);
  }
}
