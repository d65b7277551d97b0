package io.billingsdk.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.BillingListener;
import io.billingsdk.BillingListener.DeadLetter;
import io.billingsdk.internal.time.ManualClock;
import io.billingsdk.internal.time.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ListenersTest {
  private final ManualScheduler executor = new ManualScheduler(new ManualClock());
  private final Listeners listeners = new Listeners(executor);
  private final List<String> told = new ArrayList<>();

  private BillingListener recording(String name) {
    return new BillingListener() {
      @Override
      public void eventDeadLettered(DeadLetter deadLetter) {
        told.add(name + deadLetter.seq());
      }
    };
  }

  private static BillingListener failing(Runnable failure) {
    return new BillingListener() {
      @Override
      public void eventDeadLettered(DeadLetter deadLetter) {
        failure.run();
      }
    };
  }

  private void tell(long seq) {
    listeners.tell(
        listener -> listener.eventDeadLettered(DeadLetter.of(new UUID(0, 1), seq, "why")));
  }

  @Test
  void tell_two_callsBothOnTheExecutorInOrder() {
    listeners.add(recording("a"));
    listeners.add(recording("b"));
    tell(1);
    tell(2);
    assertThat(told).as("not on the thread that tells").isEmpty();
    executor.run();
    assertThat(told).containsExactly("a1", "b1", "a2", "b2");
  }

  @Test
  void tell_oneThrows_theOthersAreToldAllTheSame() {
    listeners.add(
        failing(
            () -> {
              throw new IllegalStateException("planned");
            }));
    listeners.add(recording("b"));
    tell(1);
    tell(2);
    executor.run();
    assertThat(told).containsExactly("b1", "b2");
  }

  /** A listener of another version of the library fails with an error, not an exception. */
  @Test
  void tell_oneThrowsAnError_theOthersAreToldAllTheSame() {
    listeners.add(
        failing(
            () -> {
              throw new NoClassDefFoundError("planned");
            }));
    listeners.add(recording("b"));
    tell(1);
    executor.run();
    assertThat(told).containsExactly("b1");
  }

  @Test
  void add_twice_isToldOnce() {
    BillingListener listener = recording("a");
    listeners.add(listener);
    listeners.add(listener);
    tell(1);
    executor.run();
    assertThat(told).containsExactly("a1");
  }

  @Test
  void remove_added_isToldNoMore() {
    BillingListener listener = recording("a");
    listeners.add(listener);
    listeners.remove(listener);
    tell(1);
    executor.run();
    assertThat(told).isEmpty();
    assertThat(executor.waiting()).isZero();
  }
}
