package io.billingsdk.internal.delivery;

import io.billingsdk.Protocol;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Carries events from the journal to the billing system, in the way of the protocol in use. Until
 * that is known they stay where they are.
 *
 * <p>Confined to the scheduler's thread, except {@link #wake}.
 */
public final class EventDelivery {
  private final EventJournal journal;
  private final Scheduler scheduler;
  private final FlushWaiters waiters;
  private final V1Sender reports;
  private final V2Sender batches;
  private final AtomicBoolean woken = new AtomicBoolean();

  private Protocol spoken = Protocol.AUTO;
  private Sender sender = new NoSender();
  private @Nullable LinkLimits limits;

  /** Sends nothing until the link is up and the protocol known. */
  public EventDelivery(
      DeliverySettings settings,
      EventJournal journal,
      BrokerLink link,
      Clock clock,
      Scheduler scheduler,
      DeliveryObserver observer) {
    this.journal = journal;
    this.scheduler = scheduler;
    this.waiters = new FlushWaiters(journal);
    this.reports =
        new V1Sender(settings, journal, link, clock, scheduler, observer, waiters::settled);
    this.batches =
        new V2Sender(settings, journal, link, clock, scheduler, observer, waiters::settled);
  }

  /** There is something new in the journal. Any thread; cheap when repeated. */
  public void wake() {
    if (woken.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      scheduler.execute(
          () -> {
            // Before looking, so that an event appended after the look wakes again.
            woken.set(false);
            sender.pump();
          });
    }
  }

  /** From now on this protocol is spoken; with {@link Protocol#AUTO} none yet. */
  public void speak(Protocol protocol) {
    if (protocol == spoken) {
      return;
    }
    spoken = protocol;
    sender.stop();
    sender =
        switch (protocol) {
          case AUTO -> new NoSender();
          case V1 -> reports;
          case V2 -> batches;
        };
    if (limits != null) {
      sender.up(limits);
    }
  }

  /** The link is up. */
  public void up(LinkLimits newLimits) {
    limits = newLimits;
    sender.up(newLimits);
  }

  /** The link is down: unanswered events will be sent again. */
  public void down() {
    limits = null;
    sender.down();
  }

  /** The billing system has come, or gone. */
  public void presence(Presence presence) {
    UUID ledger = presence.ledger();
    if (presence.online() && ledger != null) {
      journal.deliveringTo(ledger);
    }
    batches.presence(presence);
  }

  /** The billing system tells what became of events. */
  public void receipt(Receipt receipt) {
    batches.receipt(receipt);
  }

  /** Completes when all that is in the journal now is settled. */
  public CompletableFuture<Void> flush() {
    return waiters.await(journal.mark());
  }
}
