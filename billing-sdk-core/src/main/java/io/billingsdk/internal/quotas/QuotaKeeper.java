package io.billingsdk.internal.quotas;

import io.billingsdk.Admission;
import io.billingsdk.ClientStatus;
import io.billingsdk.UsageEvent;
import io.billingsdk.WhenQuotaUnknown;
import io.billingsdk.internal.keys.KeyTable;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.RetrySchedule;
import io.billingsdk.internal.time.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The door: decides about calls, and has the line to the billing system. {@link #admit} may be
 * called by any thread; it throws nothing and waits for nothing.
 */
public final class QuotaKeeper {
  private final LeaseBook book;
  private final AdmissionDesk desk;
  private final LeaseLine line;

  /**
   * Does nothing yet.
   *
   * @param retry the pauses before a request is sent again
   */
  public QuotaKeeper(
      WhenQuotaUnknown whenUnknown,
      KeyTable keys,
      UsageReporter reporter,
      LeaseWire wire,
      Clock clock,
      Scheduler scheduler,
      RetrySchedule retry) {
    LeaseLink link = new LeaseLink();
    this.book = new LeaseBook(whenUnknown, clock);
    this.desk = new AdmissionDesk(keys, book, link, clock, reporter);
    this.line = new LeaseLine(book, link, wire, clock, scheduler, retry);
  }

  /**
   * Whether a call may go on.
   *
   * @param estimate what it is going to use; null when only its key is known
   */
  public Admission admit(@Nullable String apiKey, @Nullable UsageEvent estimate) {
    return desk.admit(apiKey, estimate);
  }

  /** Nothing is admitted from now on. */
  public void close() {
    desk.close();
  }

  /** What became of the calls, and of the requests for leases. Any thread. */
  public ClientStatus.Quotas figures() {
    ClientStatus.Quotas quotas =
        ClientStatus.Quotas.of(book.accounts().size(), book.openLeases())
            .withCalls(desk.admitted(), book.refusals().byReason());
    return line.figures().on(quotas);
  }

  /** For tests. */
  LeaseBook book() {
    return book;
  }

  /** The line to the billing system. */
  public LeaseLine line() {
    return line;
  }
}
