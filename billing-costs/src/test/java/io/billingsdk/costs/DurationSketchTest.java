package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DurationSketchTest {
  private static final long SEED = Long.getLong("costs.seed", new Random().nextInt());
  private static final BigDecimal PERCENT = new BigDecimal("0.01");

  @Test
  void percentiles_ofRandomDurations_areWithinOnePercent() {
    Random random = new Random(SEED);
    BigDecimal worst = BigDecimal.ZERO;
    int series = 200;
    for (int run = 0; run < series; run++) {
      List<Long> values = values(random);
      DurationSketch sketch = sketch(values);
      Collections.sort(values);
      for (String percent : List.of("0", "1", "25", "50", "90", "95", "99", "99.9", "100")) {
        BigDecimal exact = Percentile.linear(values, new BigDecimal(percent));
        BigDecimal found = sketch.percentile(new BigDecimal(percent)).orElseThrow();
        BigDecimal error = found.subtract(exact).abs();
        assertThat(error).as("seed %s", SEED).isLessThanOrEqualTo(exact.multiply(PERCENT));
        if (exact.signum() > 0) {
          worst = worst.max(error.divide(exact, 6, RoundingMode.UP));
        }
      }
    }
    Proof.of("cost-sketch-error")
        .with("series", series)
        .with("worst", worst)
        .with("bound", "0.01")
        .with("seed", SEED)
        .print();
  }

  @Test
  void sketches_inAnyOrderAndAnyParts_areTheSameBytes() {
    Random random = new Random(SEED);
    int runs = 200;
    for (int run = 0; run < runs; run++) {
      List<Long> values = values(random);
      byte[] whole = sketch(values).toBytes();
      Collections.shuffle(values, random);
      List<DurationSketch> parts = new ArrayList<>();
      for (int from = 0; from < values.size(); ) {
        int to = Math.min(values.size(), from + 1 + random.nextInt(50));
        parts.add(sketch(values.subList(from, to)));
        from = to;
      }
      DurationSketch merged = DurationSketch.EMPTY;
      for (DurationSketch part : parts) {
        merged = random.nextBoolean() ? merged.plus(part) : part.plus(merged);
      }
      assertThat(merged.toBytes()).as("seed %s", SEED).isEqualTo(whole);
      assertThat(DurationSketch.read(whole)).isEqualTo(merged).hasSameHashCodeAs(merged);
      assertThat(merged.count()).isEqualTo(values.size());
    }
    Proof.of("cost-sketch-bytes").with("runs", runs).with("differ", 0).with("seed", SEED).print();
  }

  private static List<Long> values(Random random) {
    int count = 1 + random.nextInt(400);
    int bits = 1 + random.nextInt(40);
    List<Long> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(random.nextLong() >>> (64 - 1 - random.nextInt(bits)));
    }
    return values;
  }

  private static DurationSketch sketch(List<Long> values) {
    DurationSketch.Builder builder = new DurationSketch.Builder();
    values.forEach(builder::add);
    return builder.build();
  }

  @Test
  void edges_ofValues_areKept() {
    DurationSketch sketch = sketch(List.of(0L, Long.MAX_VALUE));
    assertThat(sketch.least()).isZero();
    assertThat(sketch.most()).isEqualTo(Long.MAX_VALUE);
    assertThat(DurationSketch.read(sketch.toBytes())).isEqualTo(sketch);
    assertThat(DurationSketch.EMPTY.percentile(BigDecimal.TEN)).isEmpty();
    assertThat(DurationSketch.EMPTY.average(2)).isEmpty();
    assertThat(DurationSketch.read(DurationSketch.EMPTY.toBytes())).isEqualTo(DurationSketch.EMPTY);
    assertThatThrownBy(() -> new DurationSketch.Builder().add(-1))
        .isInstanceOf(CostInputException.class);
    assertThatThrownBy(() -> sketch.percentile(new BigDecimal("101")))
        .isInstanceOf(CostInputException.class);
  }

  @Test
  void sums_thatTheValuesCannotHave_areRefused() {
    int[] bin = {5};
    long[] once = {1};
    byte[] right = SketchBytes.write(bin, once, 5, 5, BigInteger.valueOf(5));
    assertThat(DurationSketch.read(right).count()).isEqualTo(1);
    for (long sum : new long[] {-5, 0, 4, 6}) {
      refused(SketchBytes.write(bin, once, 5, 5, BigInteger.valueOf(sum)));
    }
    refused(SketchBytes.write(new int[0], new long[0], 0, 0, BigInteger.ONE));
    int[] bins = {0, 1};
    long[] many = {Long.MAX_VALUE, Long.MAX_VALUE};
    refused(SketchBytes.write(bins, many, 0, 1, BigInteger.valueOf(Long.MAX_VALUE)));
  }

  @Test
  void numbers_writtenLongerThanTheyAre_areRefused() {
    byte[] right = new DurationSketch.Builder().add(5).build().toBytes();
    // Version, least, most, length of the sum, sum, bin, count.
    assertThat(right).isEqualTo(new byte[] {1, 5, 5, 1, 5, 6, 1});
    String form = "one form that the values have";
    refused(new byte[] {1, 5, 5, 1, 5, 6, (byte) 0x81, 0}, form);
    refused(new byte[] {1, 5, 5, 2, 0, 5, 6, 1}, form);
    refused(new byte[] {1, (byte) 0x85, 0, 5, 1, 5, 6, 1}, form);
  }

  private static void refused(byte[] bytes) {
    refused(bytes, "sum that its values can have");
  }

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> DurationSketch.read(bytes))
        .isInstanceOf(CostInputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void changedBytes_areRefusedOrAnotherSketch() {
    byte[] bytes = sketch(List.of(5L, 900L, 900L, 70_000L)).toBytes();
    for (int place = 0; place < bytes.length; place++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = bytes.clone();
        changed[place] ^= (byte) (1 << bit);
        try {
          assertThat(DurationSketch.read(changed).toBytes()).isEqualTo(changed);
        } catch (CostInputException refused) {
          assertThat(refused.field()).isEqualTo("sketch");
        }
      }
      byte[] cut = Arrays.copyOf(bytes, place);
      try {
        assertThat(DurationSketch.read(cut).toBytes()).isEqualTo(cut);
      } catch (CostInputException refused) {
        assertThat(refused.field()).isEqualTo("sketch");
      }
    }
  }
}
