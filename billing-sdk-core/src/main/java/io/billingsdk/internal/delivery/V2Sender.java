package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.delivery.Batch.Place;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.OutgoingMessage;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.protocol.Presence;
import io.billingsdk.protocol.Receipt;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Protocol v2: carries events in batches, and lets go of them when the billing system has sent a
 * receipt.
 *
 * <p>What becomes of an event:
 *
 * <ol>
 *   <li>It is handed out by the journal, put into a batch and published. A PUBACK says that the
 *       broker has the batch, and frees room in the window; the event stays.
 *   <li>A receipt names it as committed, or as a duplicate: it is acknowledged in the journal.
 *   <li>A receipt refuses it for good: it is set aside as a dead letter. A receipt that refuses it
 *       for now: it is sent again later.
 *   <li>No receipt comes in time: it is sent again, under the same identity, and the window
 *       shrinks.
 *   <li>The broker refuses the batch, or the connection is lost before its answer: it is sent
 *       again.
 * </ol>
 *
 * <p>A receipt may come twice, late, out of order, for another connection or another process: it
 * settles those of its events that are here, and nothing else.
 *
 * <p>Confined to the scheduler's thread.
 */
final class V2Sender implements Sender {
  /** After so many times without a receipt, it is reported. */
  private static final int TIMEOUTS_UNTIL_TOLD = 2;

  private final DeliverySettings settings;
  private final EventJournal journal;
  private final BrokerLink link;
  private final Clock clock;
  private final DeliveryObserver observer;
  private final Runnable onSettled;
  private final SendGate sendGate;
  private final AdaptiveWindow window;
  private final UnackedEvents unackedEvents = new UnackedEvents();
  private final BatchTracker tracker;
  private final BatchMessages messages;
  private final ReceiptHandler receiptHandler;
  private final BatchFormer former;
  private final DeadlineTimer deadlineTimer;

  private @Nullable LinkLimits limits;
  private Presence presence = Presence.of(/* online= */ true);
  private boolean silent;

  V2Sender(
      DeliverySettings settings,
      EventJournal journal,
      BrokerLink link,
      Clock clock,
      Scheduler scheduler,
      DeliveryObserver observer,
      Runnable onSettled) {
    this.settings = settings;
    this.journal = journal;
    this.link = link;
    this.clock = clock;
    this.observer = observer;
    this.onSettled = onSettled;
    this.sendGate = new SendGate(settings, scheduler, observer);
    this.window =
        new AdaptiveWindow(
            DeliverySettings.UNRECEIPTED_BATCHES, settings.unreceipted().first(), clock);
    this.tracker = new BatchTracker(clock, settings.unreceipted());
    this.messages = new BatchMessages(settings.usageTopic());
    this.receiptHandler = new ReceiptHandler(journal, unackedEvents, tracker, observer, onSettled);
    this.former =
        new BatchFormer(
            journal, unackedEvents, clock, DeliverySettings.LINGER, receiptHandler::setAside);
    this.deadlineTimer = new DeadlineTimer(clock, scheduler, this::look);
  }

  @Override
  public void up(LinkLimits newLimits) {
    limits = newLimits;
    // Just after a broker's restart its subscribers may not be back.
    sendGate.probe();
    pump();
  }

  @Override
  public void down() {
    limits = null;
    tracker.inFlight().forEach(tracker::makeDue);
    sendGate.down(this::pump);
    arm();
  }

  @Override
  public void stop() {
    limits = null;
    sendGate.end();
    tracker.clear();
    unackedEvents.clear();
    former.clear();
    arm();
    journal.rewind();
  }

  /** The billing system has come, or gone, or changed its limits. */
  void presence(Presence newPresence) {
    boolean wasOnline = presence.online();
    presence = newPresence;
    if (wasOnline && !newPresence.online()) {
      observer.holding(ProblemKind.NO_RECEIVER, "the billing system is offline");
    } else if (!wasOnline && newPresence.online()) {
      // All that it missed is due at once; were it sent at once, it would be a storm.
      sendGate.probe();
      pump();
    }
  }

  /** The billing system tells what became of events. */
  void receipt(Receipt receipt) {
    if (receiptHandler.take(receipt, former::create)) {
      window.received();
      if (silent) {
        silent = false;
        observer.delivering();
      }
      onSettled.run();
      pump();
    }
  }

  @Override
  public void pump() {
    LinkLimits current = limits;
    while (current != null && presence.online() && !sendGate.holding() && hasRoom(current)) {
      BatchFormer.Limits bounds = messages.limits(current, presence);
      Batch first = tracker.takeDue();
      Batch next = first == null ? former.next(bounds, mayTake()) : first;
      if (next == null) {
        // What turned out to be damaged needs no delivery: a flush may be complete without one.
        onSettled.run();
        break;
      }
      sendOrKeep(next, bounds.most());
    }
    arm();
  }

  private void sendOrKeep(Batch batch, int mostBytes) {
    try {
      send(batch, mostBytes);
    } catch (Throwable failed) {
      // Neither due nor on its way, it would never be sent. After a pause it is tried again.
      tracker.makeDue(batch);
      sendGate.begin(ProblemKind.LOCAL, "a batch cannot be sent: " + failed.getClass().getName());
      pauseIfAllAnswered();
      throw failed;
    }
  }

  /** Whether it has begun to pause, since nothing is left that would end the hold. */
  private boolean pauseIfAllAnswered() {
    if (sendGate.mayPause() && tracker.inFlightCount() == 0) {
      sendGate.pauseThen(this::pump);
      return true;
    }
    return false;
  }

  private boolean hasRoom(LinkLimits current) {
    int inFlight = tracker.inFlightCount();
    return inFlight < sendGate.window(Math.min(settings.windowMessages(), current.receiveMaximum()))
        && tracker.inFlightBytes() < settings.windowBytes()
        && inFlight + tracker.awaitedCount() < window.limit();
  }

  private boolean mayTake() {
    return unackedEvents.bytes() < DeliverySettings.UNRECEIPTED_BYTES;
  }

  private void send(Batch batch, int mostBytes) {
    byte[] json = batch.encode(settings.secrets().of(batch.stream()), clock.wallMillis());
    if (json.length > mostBytes) {
      split(batch, "larger than a message may be: " + json.length + " bytes");
      return;
    }
    OutgoingMessage message = messages.pack(json);
    long sending = tracker.makeInFlight(batch, message.payload().length, settings.publishTimeout());
    link.publish(message, result -> answered(batch, sending, result));
  }

  private void answered(Batch batch, long sending, PublishResult result) {
    if (!batch.awaitsAnswer(sending)) {
      return; // Of an earlier connection: the batch is due again, or sent again.
    }
    switch (result.outcome()) {
      case DELIVERED -> {
        sendGate.proven();
        tracker.makeUnreceipted(batch);
      }
      case NO_SUBSCRIBER -> refused(batch, ProblemKind.NO_RECEIVER, "nobody receives the reports");
      case TRY_LATER ->
          refused(
              batch, ProblemKind.BROKER, "the broker cannot take reports now: " + result.detail());
      case FORBIDDEN ->
          refused(
              batch,
              ProblemKind.FORBIDDEN,
              "the broker does not let this client publish to " + settings.usageTopic());
      case UNACCEPTABLE -> split(batch, result.detail());
      case UNKNOWN -> refused(batch, ProblemKind.NETWORK, result.detail());
    }
    if (pauseIfAllAnswered()) {
      arm();
    } else {
      pump();
    }
  }

  private void refused(Batch batch, ProblemKind kind, String why) {
    tracker.makeDue(batch);
    sendGate.begin(kind, why);
  }

  /** Something in it is not taken: in halves, until it is known what. */
  private void split(Batch batch, String why) {
    tracker.forget(batch);
    List<JournalRecord> events = List.copyOf(batch.events());
    if (events.size() == 1) {
      receiptHandler.setAside(events.get(0), why);
      return;
    }
    int half = (events.size() + 1) / 2;
    for (List<JournalRecord> part :
        List.of(events.subList(0, half), events.subList(half, events.size()))) {
      Batch smaller = former.create(batch.stream());
      part.forEach(event -> receiptHandler.move(event, batch, smaller));
      tracker.makeDue(smaller);
    }
  }

  /** Something may be late, or there may be room. */
  private void look() {
    boolean missed = false;
    boolean unanswered = false;
    for (Batch batch : tracker.late()) {
      if (batch.place() == Place.IN_FLIGHT) {
        unanswered = true;
      } else {
        missed |= batch.place() == Place.UNRECEIPTED && missing(batch);
        tracker.makeDue(batch);
      }
    }
    if (missed) {
      window.missed();
    }
    if (unanswered) {
      // A packet cannot be taken back, nor sent twice on one connection: only a new one helps.
      link.reconnect("the broker did not acknowledge a batch within " + settings.publishTimeout());
    }
    pump();
  }

  /** A receipt did not come; whether that says something of the way. */
  private boolean missing(Batch batch) {
    int timeouts = batch.timedOut();
    if (limits == null || !presence.online()) {
      return false; // No wonder.
    }
    if (timeouts >= TIMEOUTS_UNTIL_TOLD && !silent) {
      silent = true;
      observer.holding(ProblemKind.NO_RECEIVER, "the billing system sends no receipts");
    }
    return true;
  }

  private void arm() {
    long leftNanos = tracker.nanosUntilChange();
    Duration linger = limits == null ? null : former.untilDue();
    if (linger != null && leftNanos > linger.toNanos() && canSend()) {
      leftNanos = linger.toNanos();
    }
    deadlineTimer.within(leftNanos);
  }

  private boolean canSend() {
    LinkLimits current = limits;
    return current != null && presence.online() && !sendGate.holding() && hasRoom(current);
  }
}
