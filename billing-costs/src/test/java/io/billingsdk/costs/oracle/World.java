package io.billingsdk.costs.oracle;

import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Random prices and a random use, in words of the oracle's own. Confined to one thread. */
final class World {
  static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
  static final String[] MODALITIES = {"", "audio_", "image_", "video_"};
  static final String[] KINDS = {"input_", "cache_read_", "cache_write_5m_", "cache_write_1h_"};

  private static final String[] UNITS = {"token", "1k_tokens", "1m_tokens"};
  private static final int SECONDS_OF_DAY = 86_400;

  /** A price of a context tier. */
  record Tier(long over, boolean inclusive, String price) {}

  /** The price of a bucket. */
  record Price(
      String price, String per, int packageSize, boolean whole, int minimum, List<Tier> tiers) {}

  /** A row; seconds are since the epoch of the world, those of a window since midnight. */
  record Row(
      @Nullable Long from,
      @Nullable Long to,
      int windowStart,
      int windowEnd,
      String tier,
      @Nullable String batch,
      Map<String, Price> prices) {}

  final List<Row> rows = new ArrayList<>();
  final Map<String, Long> parts = new TreeMap<>();
  final long at;
  final String tier;
  final boolean isOtherModel;
  private final Random random;

  /** Worlds of the same prices have the same rows. */
  World(long pricesSeed, long useSeed) {
    random = new Random(pricesSeed);
    boolean hasSeconds = random.nextInt(4) == 0;
    Map<String, Boolean> priced = priced(hasSeconds);
    long first = random.nextInt(20) * 86_400L;
    long second = first + (1 + random.nextInt(20)) * 86_400L;
    boolean isEndless = random.nextBoolean();
    dated(random.nextInt(3) == 0 ? null : first - 30 * 86_400L, first, priced);
    dated(first, second, priced);
    dated(second, isEndless ? null : second + 86_400L * 10, priced);
    for (String each : List.of("flex", "priority", "batch")) {
      if (random.nextInt(3) == 0) {
        rows.add(row(null, null, each, priced));
      }
    }
    random.setSeed(useSeed);
    tier = List.of("standard", "standard", "standard", "flex", "batch").get(random.nextInt(5));
    isOtherModel = random.nextInt(50) == 0;
    at = moment(first, second);
    use(hasSeconds);
  }

  private Map<String, Boolean> priced(boolean hasSeconds) {
    Map<String, Boolean> priced = new TreeMap<>();
    for (String kind : KINDS) {
      for (String modality : MODALITIES) {
        boolean isPlain = kind.equals("input_") && modality.isEmpty();
        priced.put(
            kind + modality + "tokens", random.nextInt(isPlain ? 30 : 3) != (isPlain ? 0 : 2));
      }
    }
    priced.put("output_tokens", random.nextInt(30) != 0);
    priced.put("output_reasoning_tokens", random.nextInt(4) == 0);
    priced.put("output_audio_tokens", random.nextBoolean());
    priced.put("audio_seconds", hasSeconds);
    return priced;
  }

  private void dated(@Nullable Long from, @Nullable Long to, Map<String, Boolean> priced) {
    rows.add(row(from, to, "standard", priced));
    if (random.nextInt(4) == 0) {
      int start = random.nextInt(SECONDS_OF_DAY / 60) * 60;
      int end = (start + 60 + random.nextInt(SECONDS_OF_DAY / 60 - 1) * 60) % SECONDS_OF_DAY;
      Row row = row(from, to, "standard", priced);
      rows.add(new Row(from, to, start, end, "standard", row.batch, row.prices));
    }
  }

  private Row row(
      @Nullable Long from, @Nullable Long to, String tierName, Map<String, Boolean> priced) {
    Map<String, Price> prices = new TreeMap<>();
    priced.forEach(
        (bucket, isPriced) -> {
          if (isPriced) {
            prices.put(bucket, price(bucket.equals("audio_seconds")));
          }
        });
    if (prices.isEmpty()) {
      prices.put("output_tokens", price(false));
    }
    String batch = random.nextInt(3) == 0 ? "0." + (1 + random.nextInt(99)) : null;
    return new Row(from, to, 0, 0, tierName, batch, prices);
  }

  private Price price(boolean isSeconds) {
    List<Tier> tiers = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      long over = 1L + random.nextInt(5_000);
      tiers.add(new Tier(over, random.nextBoolean(), amount()));
      if (random.nextBoolean()) {
        tiers.add(new Tier(over + 1 + random.nextInt(5_000), random.nextBoolean(), amount()));
      }
    }
    String per =
        isSeconds
            ? List.of("second", "minute", "hour").get(random.nextInt(3))
            : UNITS[random.nextInt(UNITS.length)];
    int packageSize = random.nextInt(4) == 0 ? 1 + random.nextInt(50) : 1;
    boolean isWhole = random.nextInt(4) == 0;
    int minimum = random.nextInt(6) == 0 ? 1 + random.nextInt(400) : 0;
    return new Price(amount(), per, packageSize, isWhole, minimum, tiers);
  }

  private String amount() {
    return random.nextInt(40) == 0
        ? "0"
        : random.nextInt(50) + "." + Integer.toString(10_000 + random.nextInt(10_000)).substring(1);
  }

  /** Often exactly at a bound, or a second before it. */
  private long moment(long first, long second) {
    return switch (random.nextInt(6)) {
      case 0 -> first;
      case 1 -> second - 1;
      case 2 -> edge();
      default -> first - 86_400L * 35 + random.nextInt(86_400 * 80);
    };
  }

  private long edge() {
    List<Row> windows = rows.stream().filter(r -> r.windowStart != r.windowEnd).toList();
    if (windows.isEmpty()) {
      return random.nextInt(86_400 * 40);
    }
    Row row = windows.get(random.nextInt(windows.size()));
    long start = row.from == null ? 0 : row.from;
    return start + (random.nextBoolean() ? row.windowStart : row.windowEnd) - random.nextInt(2);
  }

  private void use(boolean hasSeconds) {
    for (String kind : KINDS) {
      for (String modality : MODALITIES) {
        if (random.nextInt(modality.isEmpty() ? 2 : 5) == 0) {
          parts.put(kind + modality + "tokens", (long) random.nextInt(4_000));
        }
      }
    }
    for (String output :
        List.of("output_tokens", "output_reasoning_tokens", "output_audio_tokens")) {
      if (random.nextInt(2) == 0) {
        parts.put(output, (long) random.nextInt(4_000));
      }
    }
    if (hasSeconds) {
      parts.put("audio_seconds", (long) random.nextInt(4_000));
    }
    aim();
  }

  /** Makes the prompt exactly as large as the bound of a tier, now and then. */
  private void aim() {
    List<Long> bounds =
        rows.stream()
            .flatMap(row -> row.prices.values().stream())
            .flatMap(price -> price.tiers.stream())
            .map(Tier::over)
            .toList();
    if (!bounds.isEmpty() && random.nextInt(4) == 0) {
      for (String kind : KINDS) {
        for (String modality : MODALITIES) {
          parts.remove(kind + modality + "tokens");
        }
      }
      long bound = bounds.get(random.nextInt(bounds.size()));
      long cached = bound / 3;
      parts.put("input_tokens", bound - cached);
      parts.put("cache_read_tokens", cached);
    }
  }

  /** The prices file. */
  String file() {
    return rows.stream()
        .map(World::json)
        .collect(Collectors.joining(",", "{\"version\":1,\"prices\":[", "]}"));
  }

  private static String json(Row row) {
    String prices =
        row.prices.entrySet().stream()
            .map(each -> '"' + each.getKey() + "\":" + json(each.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
    return "{\"provider\":\"p\",\"model\":\"m\",\"currency\":\"USD\",\"source\":\"random\""
        + (row.from == null ? "" : ",\"validFrom\":\"" + EPOCH.plusSeconds(row.from) + '"')
        + (row.to == null ? "" : ",\"validTo\":\"" + EPOCH.plusSeconds(row.to) + '"')
        + (row.windowStart == row.windowEnd
            ? ""
            : ",\"window\":\"" + time(row.windowStart) + '-' + time(row.windowEnd) + '"')
        + ",\"serviceTier\":\""
        + row.tier
        + '"'
        + (row.batch == null ? "" : ",\"batchMultiplier\":\"" + row.batch + '"')
        + ",\"prices\":"
        + prices
        + '}';
  }

  private static String time(int seconds) {
    return LocalTime.ofSecondOfDay(seconds).toString();
  }

  private static String json(Price price) {
    String tiers =
        price.tiers.stream()
            .map(
                tier ->
                    "{\"over\":%d,\"operator\":\"%s\",\"price\":\"%s\"}"
                        .formatted(tier.over, tier.inclusive ? "gte" : "gt", tier.price))
            .collect(Collectors.joining(",", "[", "]"));
    return ("{\"price\":\"%s\",\"per\":\"%s\",\"package\":%d,\"rounding\":\"%s\",\"minimum\":%d,"
            + "\"tiers\":%s}")
        .formatted(
            price.price,
            price.per,
            price.packageSize,
            price.whole ? "started" : "pro_rata",
            price.minimum,
            tiers);
  }
}
