package io.billingsdk.internal.delivery;

import io.billingsdk.internal.journal.EventJournal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Those who wait until the journal is settled up to a mark. Confined to one thread. */
final class FlushWaiters {
  private final EventJournal journal;
  private final List<Waiter> waiters = new ArrayList<>();

  private record Waiter(long mark, CompletableFuture<Void> future) {}

  FlushWaiters(EventJournal journal) {
    this.journal = journal;
  }

  CompletableFuture<Void> await(long mark) {
    CompletableFuture<Void> future = new CompletableFuture<>();
    waiters.add(new Waiter(mark, future));
    settled();
    return future;
  }

  void settled() {
    for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
      Waiter waiter = all.next();
      if (waiter.future().isDone() || journal.settledUpTo(waiter.mark())) {
        all.remove();
        waiter.future().complete(null);
      }
    }
  }
}
