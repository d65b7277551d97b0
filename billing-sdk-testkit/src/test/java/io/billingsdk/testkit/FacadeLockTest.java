package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FacadeLockTest {

  @Test
  void acquire_anotherHasIt_namesBothAndSaysWhatToDo() throws InterruptedException {
    FacadeLock.acquire("the first");
    try {
      assertThatThrownBy(() -> FacadeLock.acquire("the second", 1, TimeUnit.MILLISECONDS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the first")
          .hasMessageContaining("the second")
          .hasMessageContaining("@BillingTest");
    } finally {
      FacadeLock.release();
    }
    FacadeLock.acquire("the second", 1, TimeUnit.MILLISECONDS);
    FacadeLock.release();
  }
}
