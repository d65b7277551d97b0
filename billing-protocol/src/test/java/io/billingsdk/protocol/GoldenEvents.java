package io.billingsdk.protocol;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the golden files of {@code src/test/resources/wire} were made of. */
final class GoldenEvents {
  static final String KEY = "sk-golden-1";

  /** As doubles are written: plain, with an exponent, at the bounds of the two. */
  private static final double[] USAGES = {
    0,
    1,
    42,
    150,
    1.5,
    12.75,
    0.1,
    0.30000000000000004,
    1.0 / 3,
    0.25,
    0.001,
    9.99E-4,
    1.0E-5,
    1.0E-7,
    1.5E-10,
    1.0E-18,
    1_234_567.891,
    9_999_999.5,
    10_000_000,
    12_345_678.91,
    123_456_789.000_001,
    1.0E10,
    4_503_599_627_370_495.5,
    9_007_199_254_740_992.0
  };

  /** What each event of {@link #v2} has in the file with details: 0 to 16 quantities. */
  static final List<Map<String, BigDecimal>> QUANTITIES =
      IntStream.range(0, USAGES.length).mapToObj(GoldenEvents::quantities).toList();

  /** For whom each is there. */
  static final List<UsedBy> USED_BY =
      IntStream.range(0, USAGES.length).mapToObj(GoldenEvents::usedBy).toList();

  private GoldenEvents() {}

  private static Map<String, BigDecimal> quantities(int event) {
    List<String> amounts =
        List.of("0", "812", "1.25", "0.000000000000000001", "9007199254740992", "12345678.5");
    Map<String, BigDecimal> quantities = new LinkedHashMap<>();
    for (int i = 0; i < event % (Bounds.QUANTITIES + 1); i++) {
      String name = i == 0 ? "output_tokens" : i == 1 ? "input_tokens" : "q_" + i;
      quantities.put(name, new BigDecimal(amounts.get((event + i) % amounts.size())));
    }
    return quantities;
  }

  private static UsedBy usedBy(int event) {
    return UsedBy.of(
        event % 2 == 0 ? null : "user-" + event,
        event % 4 < 2 ? null : "Gespräch " + event,
        event % 8 < 4 ? null : "run/" + event);
  }

  /** The events of protocol v1, in the order of their file. */
  static List<V1Event> v1() {
    List<V1Event> events = new ArrayList<>();
    for (int i = 0; i < USAGES.length; i++) {
      events.add(
          new V1Event(
              i % 3 == 0 ? null : "app-1",
              KEY,
              "llm",
              i % 2 == 0 ? "gpt-4" : "Größe/ü",
              USAGES[i],
              1_760_000_000_000L + i,
              metadata(i)));
    }
    return events;
  }

  /** The events of protocol v2, in the order of their file. */
  static List<V2Event> v2() {
    List<V2Event> events = new ArrayList<>();
    for (int i = 0; i < USAGES.length; i++) {
      events.add(
          new V2Event(
              key(i),
              "llm",
              i % 2 == 0 ? "gpt-4" : "Größe/ü",
              USAGES[i],
              1_760_000_000_000L + i,
              metadata(i),
              i % 5 == 0 ? "req-" + i : null));
    }
    return events;
  }

  private static KeyRef key(int i) {
    return switch (i % 3) {
      case 0 -> new KeyRef.KeyId("k_1");
      case 1 -> new KeyRef.KeySha256("0a".repeat(32));
      default -> new KeyRef.RawKey(KEY);
    };
  }

  private static @Nullable Map<String, Object> metadata(int i) {
    if (i % 4 == 0) {
      return null;
    }
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("prompt_tokens", 100 + i);
    metadata.put("share", i / 4.0);
    metadata.put("tags", List.of("a", true));
    return metadata;
  }
}
