package io.billingsdk.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.billingsdk.Caller;
import io.billingsdk.Entitlements;
import io.grpc.Context;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The caller on other threads. */
final class BillingContextTest {
  private static final Caller CALLER = Caller.of("key", "k_1", "app-1");
  private static final Context CALL =
      Context.ROOT.withValue(
          BillingContext.SESSION,
          new BillingSession(CALLER, new TableClient(), "sk-1", Entitlements.UNLIMITED));

  private static Optional<Caller> seenBy(Executor executor) throws Exception {
    CompletableFuture<Optional<Caller>> seen = new CompletableFuture<>();
    executor.execute(() -> seen.complete(BillingContext.caller()));
    return seen.get(1, TimeUnit.MINUTES);
  }

  @Test
  void caller_onAnotherThread_isThereOnlyWhenWrapped() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Optional<Caller> bare = CALL.call(() -> seenBy(pool));
      Optional<Caller> carried = CALL.call(() -> seenBy(Context.currentContextExecutor(pool)));
      Optional<Caller> wrapped =
          CALL.call(() -> pool.submit(Context.current().wrap(BillingContext::caller)))
              .get(1, TimeUnit.MINUTES);
      assertThat(bare).isEmpty();
      assertThat(carried).contains(CALLER);
      assertThat(wrapped).contains(CALLER);
      assertThat(seenBy(pool)).as("nothing stays behind on a pool's thread").isEmpty();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void executor_madeOutsideOfACall_carriesTheCallOfEachTask() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Executor carrying = Context.currentContextExecutor(pool);
      assertThat(CALL.call(() -> seenBy(carrying))).contains(CALLER);
      assertThat(seenBy(carrying)).isEmpty();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void caller_onAVirtualThread_isThereWhenWrapped() throws Exception {
    assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with Java 21");
    ExecutorService perTask =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try {
      assertThat(CALL.call(() -> seenBy(Context.currentContextExecutor(perTask)))).contains(CALLER);
      assertThat(CALL.call(() -> seenBy(perTask))).isEmpty();
    } finally {
      perTask.shutdown();
    }
  }
}
