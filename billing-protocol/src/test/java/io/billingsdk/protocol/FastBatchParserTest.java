package io.billingsdk.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The quick reader against the one that reads a tree: it gives up, or says the same. */
final class FastBatchParserTest {
  private static final UUID STREAM = UUID.fromString("01990000-0000-4000-8000-000000000001");
  private static final int RUNS = 60_000;

  private static final List<String> KEYS =
      List.of(
          "\"key_id\":\"k_1\"",
          "\"key_id\":\"k-2\"",
          "\"key_sha256\":\"" + "0a".repeat(32) + "\"",
          "\"key_sha256\":\"" + "0A".repeat(32) + "\"",
          "\"api_key\":\"bk_live_x\"",
          "\"key_id\":\"k_1\",\"key_id\":\"k_1\"",
          "\"key_id\":\"k_1\",\"key_sha256\":\"" + "0a".repeat(32) + "\"",
          "\"key_id\":\"\"");
  private static final List<String> TEXTS =
      List.of(
          "\"llm\"",
          "\"Grüße\"",
          "\"\"",
          "\"a\\\"b\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"😀\"",
          "7");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "-0",
          "1.5",
          "1.50",
          "0.0",
          "1e3",
          "25E-4",
          "9007199254740992",
          "9007199254740993",
          "123456789012345678901234567890",
          "1e-999",
          "1e999",
          "01",
          "\"1\"",
          "null",
          "9223372036854775807",
          "2147483648");
  private static final List<String> METADATA =
      List.of(
          "{}",
          "{\"a\":1}",
          "{\"a\":1,\"b\":\"x y\"}",
          "{\"a\":1,\"a\":2}",
          "{\"a\":1.50}",
          "{\"a\":-0}",
          "{\"a\":true,\"b\":null,\"c\":false}",
          "{\"a\":[1]}",
          "{\"a\":{\"b\":1}}",
          "{\"\":1}",
          "{\"ä\\n\":\"\\t/\"}",
          "{\"a/b\":\"<é€>\"}",
          "null",
          "[]",
          "{ \"a\" : 2 }",
          "{\"a\":123456789012345678901234567890}",
          "{\"a\":\"\\ud800\"}",
          "{\"a\":\"\u007f\"}");

  private static final List<String> ADMISSIONS =
      List.of(
          "[\"0199-1\",\"0199-2\"]",
          "[]",
          "null",
          "[\"e\",\"e\"]",
          "[\"bk_live_x\"]",
          "[\"a b\"]",
          "[null]",
          "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]",
          "{\"e\":1}");

  @Test
  void read_ofWhatTheSdkWrites_needsNoTree_andSaysTheSame() throws Exception {
    BatchWriter writer = new BatchWriter(STREAM, 5, Bounds.BATCH_BYTES);
    for (int seq = 1; seq <= 50; seq++) {
      KeyRef key = seq % 3 == 0 ? new KeyRef.KeySha256("0a".repeat(32)) : new KeyRef.KeyId("k_1");
      @Nullable Map<String, Object> metadata =
          seq % 5 == 0
              ? null
              // Now and then more than there is room for: what is kept of the event before moves.
              : Map.of(
                  "prompt_tokens", 100, "region", "Zürich".repeat(seq % 10 * 18), "cached", true);
      V2Event event =
          new V2Event(
              key,
              "llm",
              "gpt-4",
              BigDecimal.valueOf(seq / 4.0),
              1_000 + seq,
              metadata,
              seq % 7 == 0 ? "r" + seq : null,
              seq % 2 == 0 ? Map.of() : Map.of("tokens", BigDecimal.valueOf(seq)),
              UsedBy.of(seq % 3 == 0 ? null : "user", null, seq % 11 == 0 ? "run" : null),
              seq % 4 == 0 ? List.of() : List.of("0199-" + seq, "0199-e"));
      writer.add(seq, V2Codec.encode(event).orElseThrow());
    }
    byte[] message = writer.toBytes();

    UsageBatch read = requireNonNull(FastBatchParser.read(message));
    assertThat(
            read.events().stream()
                .filter(event -> !((ReceivedEvent.Valid) event).quantities().isEmpty()))
        .hasSize(25);
    assertThat(read).isEqualTo(UsageBatch.decodeTree(message));
  }

  @Test
  void read_ofAnyBatch_givesUpOrSaysTheSameAsTheTree() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int plain = 0;
    int givenUp = 0;
    for (int run = 0; run < RUNS; run++) {
      byte[] message = message(random);
      UsageBatch quick = FastBatchParser.read(message);
      plain += quick == null ? 0 : 1;
      givenUp += quick == null ? 1 : 0;
      if (quick != null) {
        assertThat(quick)
            .as("seed %d, run %d: %s", seed, run, new String(message, UTF_8))
            .isEqualTo(treeOrNull(message));
      }
    }
    assertThat(plain).isGreaterThan(RUNS / 20);
    assertThat(givenUp).isGreaterThan(RUNS / 20);
  }

  private static @Nullable UsageBatch treeOrNull(byte[] message) {
    try {
      return UsageBatch.decodeTree(message);
    } catch (MalformedMessageException malformed) {
      return null;
    }
  }

  private static byte[] message(Random random) {
    List<String> events = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      events.add(event(random));
    }
    String json =
        "{\"stream\":\""
            + STREAM
            + "\",\"sent_at\":5,\"events\":["
            + String.join(",", events)
            + "]}"
            + (random.nextInt(50) == 0 ? " x" : "");
    byte[] message = json.getBytes(UTF_8);
    if (random.nextInt(3) == 0) {
      message[random.nextInt(message.length)] = (byte) (32 + random.nextInt(96));
    }
    return message;
  }

  private static String event(Random random) {
    List<String> fields = new ArrayList<>();
    fields.add("\"seq\":" + pick(random, NUMBERS, 1));
    fields.add("\"ts\":" + pick(random, NUMBERS, 1));
    fields.add(pick(random, KEYS, 0));
    fields.add("\"module\":" + pick(random, TEXTS, 0));
    fields.add("\"model\":" + pick(random, TEXTS, 1));
    fields.add("\"usage\":" + pick(random, NUMBERS, 4));
    fields.add("\"metadata\":" + pick(random, METADATA, random.nextInt(METADATA.size())));
    if (random.nextInt(4) == 0) {
      fields.add("\"idempotency_key\":" + (random.nextBoolean() ? "\"r-1\"" : "\"r 1\""));
    }
    if (random.nextInt(3) == 0) {
      fields.add("\"quantities\":" + quantities(random));
    }
    for (String name : List.of("subject", "session", "execution")) {
      if (random.nextInt(4) == 0) {
        fields.add("\"" + name + "\":" + pick(random, TEXTS, 0));
      }
    }
    if (random.nextInt(3) == 0) {
      fields.add("\"admission\":" + pick(random, ADMISSIONS, 0));
    }
    if (random.nextInt(4) == 0) {
      // One that is missing, is there twice, is unknown, or comes in another place.
      String moved = fields.remove(random.nextInt(fields.size()));
      switch (random.nextInt(4)) {
        case 0 -> fields.addAll(List.of(moved, moved));
        case 1 -> fields.add("\"unknown\":1");
        case 2 -> fields.add(0, moved);
        default -> {}
      }
    }
    return "{" + String.join(",", fields) + "}";
  }

  private static String quantities(Random random) {
    if (random.nextInt(20) == 0) {
      return pick(random, METADATA, 0);
    }
    List<String> entries = new ArrayList<>();
    int count = random.nextInt(10) == 0 ? 17 : random.nextInt(6);
    for (int i = 0; i < count; i++) {
      String name = random.nextInt(40) == 0 ? "Q" : "q_" + (random.nextInt(40) == 0 ? 0 : i);
      entries.add("\"" + name + "\":" + pick(random, NUMBERS, 4));
    }
    return "{" + String.join(",", entries) + "}";
  }

  /** Mostly the usual one. */
  private static String pick(Random random, List<String> values, int usual) {
    return values.get(random.nextInt(8) == 0 ? random.nextInt(values.size()) : usual);
  }
}
