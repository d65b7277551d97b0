package io.billingsdk.testkit;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets one test of this process at a time have the client of {@link io.billingsdk.Billing}. No lock
 * of a thread: JUnit may run the parts of a test with a time limit on several.
 */
final class FacadeLock {
  private static final long PATIENCE_SECONDS = 120;

  private static final Semaphore free = new Semaphore(1);
  private static volatile @Nullable String holder;

  private FacadeLock() {}

  /**
   * Waits until no other test has it.
   *
   * @throws IllegalStateException when another still has it after 2 minutes
   */
  static void acquire(String test) throws InterruptedException {
    acquire(test, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static void acquire(String test, long patience, TimeUnit unit) throws InterruptedException {
    if (!free.tryAcquire(patience, unit)) {
      throw new IllegalStateException(
          "the test "
              + holder
              + " has the billing client of this process; let "
              + test
              + " not run at the same time: annotate both classes with @BillingTest, or with"
              + " @ResourceLock(BillingExtension.RESOURCE)");
    }
    holder = test;
  }

  static void release() {
    holder = null;
    free.release();
  }
}
