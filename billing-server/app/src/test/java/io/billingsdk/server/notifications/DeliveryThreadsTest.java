package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Await;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeliveryThreadsTest {
  /** Work that is under way until a latch opens. */
  private static final class LongWork implements DeliveryWork {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);
    final AtomicBoolean ended = new AtomicBoolean();

    @Override
    public boolean doNext() throws InterruptedException {
      begun.countDown();
      end.await();
      ended.set(true);
      return false;
    }

    /** The work that is under way ends by itself once somebody asks for the end. */
    @Override
    public void stop() {
      end.countDown();
    }
  }

  @Test
  void close_whileAPieceIsUnderWay_letsItEnd() throws Exception {
    LongWork work = new LongWork();
    DeliveryThreads threads = new DeliveryThreads("test", 1, work);
    threads.start();
    work.begun.await();
    threads.close();
    assertThat(work.ended).isTrue();
  }

  @Test
  void work_thatFailsWithAnError_isDoneAgain() {
    AtomicInteger times = new AtomicInteger();
    DeliveryThreads threads =
        new DeliveryThreads(
            "test",
            1,
            () -> {
              if (times.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("as after half an upgrade");
              }
              return false;
            });
    threads.start();
    try {
      threads.wake();
      Await.until(() -> times.get() > 1);
    } finally {
      threads.close();
    }
  }
}
