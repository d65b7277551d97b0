package io.billingsdk.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.control.Turns.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TurnsTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Near the end of its range, over which a difference must not stumble. */
  private long nanos = Long.MAX_VALUE - 3;

  private final Turns<Integer> turns = new Turns<>(3, SECOND, Integer::sum, () -> nanos);

  private List<String> takeNames() {
    return turns.takeDue(ALL).stream().map(Turn::name).toList();
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void enter_names_haveTheirTurnsInTheOrderInWhichTheyCame() {
    for (String each : List.of("c", "a", "b")) {
      assertThat(turns.enter(each, 1)).isZero();
    }
    assertThat(turns.takeDue(2)).extracting(Turn::name).containsExactly("c", "a");
    assertThat(takeNames()).containsExactly("b");
    assertThat(takeNames()).isEmpty();
  }

  @Test
  void enter_again_waitsOnceWithAll() {
    for (int i = 0; i < 106_000; i++) {
      turns.enter("flood", 1);
    }
    turns.enter("honest", 1);
    assertThat(turns.size()).isEqualTo(2);
    assertThat(turns.takeDue(ALL))
        .containsExactly(new Turn<>("flood", 106_000), new Turn<>("honest", 1));
  }

  @Test
  void enter_fasterThanThePace_comesLaterAndHoldsUpNobody() {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      waits.add(turns.enter("flood", 1));
      turns.enter("honest-" + i, 1);
      assertThat(takeNames()).contains("honest-" + i);
    }
    // Three at once; the fourth waits, and those behind it are in it.
    assertThat(waits.subList(0, 3)).containsOnly(Duration.ZERO);
    assertThat(waits.subList(3, 6)).containsOnly(SECOND);
    assertThat(turns.size()).isEqualTo(1);
    pass(SECOND);
    assertThat(turns.takeDue(ALL)).containsExactly(new Turn<>("flood", 3));
  }

  @Test
  void enter_afterAPause_hasAllTurnsAgain() {
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 3; i++) {
        assertThat(turns.enter("a", 1)).isZero();
        assertThat(takeNames()).containsExactly("a");
      }
      pass(Duration.ofSeconds(3));
    }
  }

  @Test
  void enter_asFastAsItCan_hasOneTurnAnInterval() {
    int taken = 0;
    for (int i = 0; i < 100_000; i++) {
      turns.enter("flood", 1);
      taken += turns.takeDue(ALL).size();
      pass(Duration.ofMillis(1));
    }
    assertThat(taken).isBetween(100, 103);
  }

  @Test
  void again_turnThatCameToNothing_keepsWhatItWaitedWith() {
    turns.enter("a", 1);
    Turn<Integer> turn = turns.takeDue(ALL).get(0);
    turns.again(turn, Duration.ofMillis(500));
    turns.enter("a", 10);
    assertThat(takeNames()).isEmpty();
    pass(Duration.ofMillis(500));
    assertThat(turns.takeDue(ALL)).containsExactly(new Turn<>("a", 11));
  }

  @Test
  void enter_moreThanMayWait_isRefusedAndThoseThatWaitStay() {
    for (int i = 0; i < Turns.WAITING; i++) {
      assertThat(turns.enter("name-" + i, 1)).isZero();
    }
    assertThat(turns.enter("one more", 1)).isNegative();
    assertThat(turns.enter("name-7", 1)).isZero();
    assertThat(turns.takeDue(ALL)).hasSize(Turns.WAITING);
  }

  @Test
  @Timeout(60)
  void take_withNobody_waitsUntilSomebodyComesOrItIsClosed() throws Exception {
    Turns<Integer> real = new Turns<>(1, Duration.ofMillis(20), Integer::sum, System::nanoTime);
    CompletableFuture<List<Turn<Integer>>> first = taken(real);
    real.enter("a", 1);
    assertThat(first.get(30, TimeUnit.SECONDS)).containsExactly(new Turn<>("a", 1));
    CompletableFuture<List<Turn<Integer>>> later = taken(real);
    real.enter("a", 2);
    assertThat(later.get(30, TimeUnit.SECONDS)).containsExactly(new Turn<>("a", 2));
    CompletableFuture<List<Turn<Integer>>> none = taken(real);
    real.close();
    assertThat(none.get(30, TimeUnit.SECONDS)).isEmpty();
  }

  private static CompletableFuture<List<Turn<Integer>>> taken(Turns<Integer> turns) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return turns.take(ALL);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }
}
