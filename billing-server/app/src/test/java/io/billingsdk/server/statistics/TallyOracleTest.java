package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The figures of random events, in any order and in any parts, against sums that are made here by
 * hand from what was sent: no class of the statistics is used for them.
 */
class TallyOracleTest {
  private static final int ROUNDS = 300;
  private static final Instant START = Instant.parse("2026-11-30T22:00:00Z");
  private static final List<String> TYPES = List.of("noise", "split", "clean");

  private static final UsageProfile AUDIO = ProfileReader.shipped("audio");

  /** What a client has sent. */
  private record Sent(
      String type,
      Instant at,
      BigDecimal usage,
      boolean success,
      @Nullable String label,
      @Nullable BigDecimal output,
      List<BigDecimal> corrections) {
    BigDecimal now() {
      return corrections.stream().reduce(usage, BigDecimal::add);
    }
  }

  private static BigDecimal amount(Random random) {
    return new BigDecimal(random.nextInt(1, 50_000_000)).movePointLeft(random.nextInt(4));
  }

  private static Sent sent(Random random) {
    Instant at = START.plusMillis(random.nextInt(40 * 86_400) * 1_000L + random.nextInt(1_000));
    List<BigDecimal> corrections = new ArrayList<>();
    BigDecimal usage = amount(random);
    if (random.nextInt(5) == 0) {
      corrections.add(usage.negate());
      corrections.add(amount(random));
    }
    return switch (random.nextInt(4)) {
      case 0 ->
          new Sent(
              "file_upload",
              at,
              usage,
              true,
              random.nextInt(6) == 0 ? null : TYPES.get(random.nextInt(3)),
              null,
              corrections);
      case 1 ->
          new Sent(
              "processing_complete",
              at,
              usage,
              random.nextInt(4) > 0,
              null,
              random.nextBoolean() ? amount(random) : null,
              corrections);
      case 2 -> new Sent("file_download", at, BigDecimal.ONE, true, null, null, List.of());
      default -> new Sent("api_call", at, BigDecimal.ONE, true, null, null, List.of());
    };
  }

  private static List<Tally> tallies(Sent sent) {
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    if (sent.type().equals("file_upload")) {
      metadata.set("size", Json.number(sent.usage()));
      metadata.put("processing_type", sent.label());
    }
    if (sent.type().equals("processing_complete")) {
      metadata.set("processing_time", Json.number(sent.usage()));
      metadata.put("success", sent.success());
      metadata.set("output_file_size", sent.output() == null ? null : Json.number(sent.output()));
    }
    UsageFact fact = UsageFact.read(AUDIO, sent.type(), metadata).fact().orElseThrow();
    List<Tally> tallies = new ArrayList<>();
    tallies.add(fact.counted(AUDIO, fact.usage(AUDIO), sent.at()));
    sent.corrections().forEach(each -> tallies.add(fact.corrected(AUDIO, each)));
    return tallies;
  }

  /** As two databases would: parts of parts, in any order. */
  private static Tally sum(List<Tally> all, Random random) {
    List<Tally> left = new ArrayList<>(all);
    while (left.size() > 1) {
      Collections.shuffle(left, random);
      List<Tally> next = new ArrayList<>();
      for (int i = 0; i + 1 < left.size(); i += 2) {
        next.add(left.get(i).plus(left.get(i + 1)));
      }
      if (left.size() % 2 == 1) {
        next.add(left.get(left.size() - 1));
      }
      left = next;
    }
    return left.isEmpty() ? Tally.EMPTY : left.get(0);
  }

  private static BigDecimal ratio(BigDecimal amount, BigDecimal divisor) {
    return divisor.signum() == 0
        ? BigDecimal.ZERO
        : amount.divide(divisor, 6, RoundingMode.HALF_UP);
  }

  private static Map<String, BigDecimal> expected(List<Sent> all) {
    BigDecimal mega = BigDecimal.valueOf(1_048_576);
    BigDecimal uploads = count(all, "file_upload", true);
    BigDecimal done = count(all, "processing_complete", true);
    BigDecimal failed = count(all, "processing_complete", false);
    BigDecimal input = usage(all, "file_upload");
    BigDecimal time = usage(all, "processing_complete");
    BigDecimal output = BigDecimal.ZERO;
    for (Sent each : all) {
      if (each.type().equals("processing_complete") && each.success() && each.output() != null) {
        output = output.add(each.output());
      }
    }
    Map<String, BigDecimal> figures = new TreeMap<>();
    figures.put("total_files_uploaded", uploads);
    figures.put("total_files_processed", done);
    figures.put("total_files_failed", failed);
    figures.put("total_files_downloaded", count(all, "file_download", true));
    figures.put("api_calls_count", count(all, "api_call", true));
    figures.put("total_input_size_mb", ratio(input, mega));
    figures.put("total_output_size_mb", ratio(output, mega));
    figures.put("average_file_size_mb", ratio(input, uploads.multiply(mega)));
    figures.put("total_processing_time_minutes", ratio(time, BigDecimal.valueOf(60)));
    figures.put("average_processing_time_seconds", ratio(time, done));
    figures.put(
        "success_rate_percent", ratio(done.multiply(BigDecimal.valueOf(100)), done.add(failed)));
    return figures;
  }

  private static BigDecimal count(List<Sent> all, String type, boolean success) {
    return BigDecimal.valueOf(
        all.stream().filter(each -> each.type().equals(type) && each.success() == success).count());
  }

  private static BigDecimal usage(List<Sent> all, String type) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Sent each : all) {
      if (each.type().equals(type) && each.success()) {
        sum = sum.add(each.now());
      }
    }
    return sum;
  }

  private static String time(List<Sent> all, String type, boolean isFirst) {
    return all.stream()
        .filter(each -> each.type().equals(type))
        .map(Sent::at)
        .reduce((one, other) -> one.isBefore(other) == isFirst ? one : other)
        .map(Instant::toString)
        .orElse("null");
  }

  @Test
  void figures_ofRandomEvents_areThoseOfTheOracle() {
    long seed = Long.getLong("stats.seed", System.nanoTime());
    Random random = new Random(seed);
    long events = 0;
    long checked = 0;
    Person person = new Person(new UUID(1, 2), PersonKind.USER, START, null);
    for (int i = 0; i < ROUNDS; i++) {
      List<Sent> all = new ArrayList<>();
      int size = random.nextInt(i == 0 ? 1 : 60);
      for (int j = 0; j < size; j++) {
        all.add(sent(random));
      }
      events += size;
      List<Tally> tallies =
          new ArrayList<>(all.stream().flatMap(each -> tallies(each).stream()).toList());
      JsonNode figures =
          FigureWriter.of(sum(tallies, random), person, START).write(AUDIO.figures());
      String what = "seed " + seed + ", round " + i;
      for (Map.Entry<String, BigDecimal> each : expected(all).entrySet()) {
        assertThat(figures.path(each.getKey()).decimalValue())
            .as("%s: %s", what, each.getKey())
            .isEqualByComparingTo(each.getValue());
        checked++;
      }
      assertThat(figures.path("first_upload_at").asText())
          .as(what)
          .isEqualTo(time(all, "file_upload", true));
      assertThat(figures.path("last_upload_at").asText())
          .as(what)
          .isEqualTo(time(all, "file_upload", false));
      assertThat(figures.path("last_download_at").asText())
          .as(what)
          .isEqualTo(time(all, "file_download", false));
      for (String type : TYPES) {
        long uploads =
            all.stream()
                .filter(each -> each.type().equals("file_upload") && type.equals(each.label()))
                .count();
        assertThat(figures.path("processing_types_breakdown").path(type).asLong())
            .as(what)
            .isEqualTo(uploads);
      }
      checked += 6;
    }
    Proof.of("stats-oracle")
        .with("rounds", ROUNDS)
        .with("events", events)
        .with("figures", checked)
        .with("wrong", 0)
        .with("seed", seed)
        .print();
  }
}
