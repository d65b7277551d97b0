package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.SeqRange;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GapsTest {
  private static final int NUMBERS = 60;

  @Test
  void numbers_inAnyOrder_leaveTheGapsThatASetOfThemHas() {
    long seed = Long.getLong("gaps.seed", System.nanoTime());
    System.out.println("gaps seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      Gaps gaps = new Gaps(1, 0, Map.of());
      TreeSet<Long> come = new TreeSet<>();
      for (int i = 0; i < NUMBERS; i++) {
        long seq = 1L + random.nextInt(NUMBERS);
        int before = gaps.missing().size();
        int opens = gaps.opens(seq);
        gaps.came(seq);
        come.add(seq);
        assertThat(gaps.missing().size() - before).as("opened by %s", seq).isEqualTo(opens);
        assertThat(new TreeMap<>(gaps.missing())).isEqualTo(model(come));
        assertThat(gaps.highest()).isEqualTo(come.last());
        assertThat(gaps.hadCome(seq)).as("it was not there before the batch").isFalse();
      }
    }
  }

  @Test
  void numbers_atTheEndOfAllNumbers_areNoneBelowZero() {
    Gaps gaps = new Gaps(1, Long.MAX_VALUE, Map.of(4L, Long.MAX_VALUE - 1));
    assertThat(gaps.hadCome(Long.MAX_VALUE)).isTrue();
    assertThat(gaps.hadCome(4)).isFalse();
    assertThat(gaps.opens(4)).isZero();
    gaps.came(4);
    gaps.fill(new SeqRange(Long.MAX_VALUE, Long.MAX_VALUE));
    gaps.fill(new SeqRange(10, 20));
    assertThat(gaps.missing()).isEqualTo(Map.of(5L, 9L, 21L, Long.MAX_VALUE - 1));
    assertThat(gaps.highest()).isEqualTo(Long.MAX_VALUE);
  }

  private static Map<Long, Long> model(Set<Long> come) {
    TreeMap<Long, Long> missing = new TreeMap<>();
    long next = 1;
    for (long each : come) {
      if (each > next) {
        missing.put(next, each - 1);
      }
      next = each + 1;
    }
    return missing;
  }
}
