package io.billingsdk.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.broker.ByteBudget.Share;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private final ByteBudget budget = new ByteBudget(100);

  @Test
  void share_ofOneAlone_isFullAtAHalf() {
    Share one = budget.enter("a");
    one.take(49);
    assertThat(one.isFull()).isFalse();
    one.take(1);
    assertThat(one.isFull()).isTrue();
  }

  @Test
  void share_whereAnotherHoldsAThird_isFullAtAThird() {
    Share one = budget.enter("a");
    Share other = budget.enter("b");
    one.take(34);
    other.take(33);
    assertThat(other.isFull()).isTrue();
  }

  @Test
  void enter_theSameLogin_isOneShare() {
    Share one = budget.enter("a");
    assertThat(budget.enter("a")).isSameAs(one);
    assertThat(budget.logins()).isEqualTo(1);
  }

  @Test
  void take_beyondTheLimit_isCountedAllTheSame() {
    budget.enter("a").take(150);
    assertThat(budget.held()).isEqualTo(150);
  }

  @Test
  void await_whereThereIsRoom_runsAtOnce() {
    AtomicInteger resumed = new AtomicInteger();
    budget.enter("a").await(resumed::incrementAndGet);
    assertThat(resumed).hasValue(1);
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void release_aLittle_doesNotResume_andMoreDoes_once() {
    Share one = budget.enter("a");
    one.take(60);
    AtomicInteger resumed = new AtomicInteger();
    one.await(resumed::incrementAndGet);
    one.release(10);
    // 50 held and 50 free: only a quarter below the bound it goes on.
    assertThat(resumed).hasValue(0);
    one.release(10);
    assertThat(resumed).hasValue(1);
    one.release(10);
    assertThat(resumed).hasValue(1);
  }

  @Test
  void release_ofAnother_resumesWhoWaits() {
    Share waits = budget.enter("a");
    Share other = budget.enter("b");
    waits.take(30);
    other.take(60);
    AtomicInteger resumed = new AtomicInteger();
    waits.await(resumed::incrementAndGet);
    assertThat(budget.waiting()).isEqualTo(1);
    other.release(60);
    assertThat(resumed).hasValue(1);
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void leave_whileItWaits_isNotResumed() {
    Share one = budget.enter("a");
    one.take(90);
    AtomicInteger resumed = new AtomicInteger();
    Runnable resume = resumed::incrementAndGet;
    one.await(resume);
    one.leave(resume);
    one.release(90);
    assertThat(resumed).hasValue(0);
    assertThat(budget.waiting()).isZero();
  }

  @Test
  void leave_theLastWithNothingHeld_forgetsTheLogin() {
    Share one = budget.enter("a");
    one.leave(() -> {});
    assertThat(budget.logins()).isZero();
  }

  @Test
  void leave_theLastWithSomethingHeld_forgetsTheLoginOnceItIsReleased() {
    Share one = budget.enter("a");
    one.take(5);
    one.leave(() -> {});
    assertThat(budget.logins()).isEqualTo(1);
    one.release(5);
    assertThat(budget.logins()).isZero();
    assertThat(budget.held()).isZero();
  }

  @Test
  void leave_oneOfTwoConnections_keepsTheLogin() {
    Share one = budget.enter("a");
    Share same = budget.enter("a");
    same.leave(() -> {});
    assertThat(budget.logins()).isEqualTo(1);
    one.leave(() -> {});
    assertThat(budget.logins()).isZero();
  }
}
