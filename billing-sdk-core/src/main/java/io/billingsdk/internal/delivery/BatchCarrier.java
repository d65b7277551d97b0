package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.delivery.Batch.Place;
import io.billingsdk.internal.delivery.Unsettled.Member;
import io.billingsdk.internal.journal.Journal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.OutgoingMessage;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.wire.Gzip;
import io.billingsdk.wire.Presence;
import io.billingsdk.wire.Receipt;
import io.billingsdk.wire.Receipt.Rejection;
import io.billingsdk.wire.SeqRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
final class BatchCarrier implements Carrier {
  /** Beside topic and payload: fixed header, packet id, properties. */
  private static final int PACKET_OVERHEAD_BYTES = 128;

  /** Below this, compression costs more than it saves. */
  private static final int LEAST_COMPRESSED_BYTES = 1_024;

  /** So often without a receipt, and it is told. */
  private static final int TIMEOUTS_UNTIL_TOLD = 2;

  private static final long TIMER_TOLERANCE_NANOS = 100_000;

  private final DeliverySettings settings;
  private final Journal journal;
  private final BrokerLink link;
  private final Clock clock;
  private final Scheduler scheduler;
  private final DeliveryObserver observer;
  private final Runnable onSettled;
  private final Hold hold;
  private final AdaptiveWindow window;
  private final Unsettled unsettled = new Unsettled();
  private final BatchFormer former;

  /** Batches to be sent, by their number. */
  private final TreeMap<Long, Batch> due = new TreeMap<>();

  /** All other batches but the one that is being formed. */
  private final Set<Batch> away = new LinkedHashSet<>();

  private @Nullable LinkLimits limits;
  private Presence presence = Presence.of(/* online= */ true);
  private boolean silent;
  private @Nullable Cancellable timer;
  private long timerAtNanos;

  BatchCarrier(
      DeliverySettings settings,
      Journal journal,
      BrokerLink link,
      Clock clock,
      Scheduler scheduler,
      DeliveryObserver observer,
      Runnable onSettled) {
    this.settings = settings;
    this.journal = journal;
    this.link = link;
    this.clock = clock;
    this.scheduler = scheduler;
    this.observer = observer;
    this.onSettled = onSettled;
    this.hold = new Hold(settings, scheduler, observer);
    this.window =
        new AdaptiveWindow(
            DeliverySettings.UNRECEIPTED_BATCHES, settings.unreceipted().first(), clock);
    this.former =
        new BatchFormer(journal, unsettled, clock, DeliverySettings.LINGER, this::setAside);
  }

  @Override
  public void up(LinkLimits newLimits) {
    limits = newLimits;
    // Just after a broker's restart its subscribers may not be back.
    hold.probe();
    pump();
  }

  @Override
  public void down() {
    limits = null;
    for (Batch batch : List.copyOf(away)) {
      if (batch.place == Place.IN_FLIGHT) {
        makeDue(batch);
      }
    }
    hold.down(this::pump);
    arm();
  }

  @Override
  public void stop() {
    limits = null;
    hold.end();
    due.clear();
    away.clear();
    unsettled.clear();
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
      hold.probe();
      pump();
    }
  }

  /** The billing system tells what became of events. */
  void receipt(Receipt receipt) {
    boolean useful = false;
    for (List<SeqRange> ranges : List.of(receipt.committed(), receipt.duplicates())) {
      for (SeqRange range : ranges) {
        for (Member member : unsettled.within(receipt.stream(), range.first(), range.last())) {
          journal.acknowledge(member.event());
          leave(member);
          useful = true;
        }
      }
    }
    useful |= rejections(receipt);
    if (useful) {
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
    while (current != null && presence.online() && !hold.holding() && hasRoom(current)) {
      Map.Entry<Long, Batch> first = due.pollFirstEntry();
      Batch next = first == null ? former.next(batchLimits(current), mayTake()) : first.getValue();
      if (next == null) {
        // What turned out to be damaged needs no delivery: a flush may be complete without one.
        onSettled.run();
        break;
      }
      send(next, current);
    }
    arm();
  }

  private boolean hasRoom(LinkLimits current) {
    int inFlight = count(Place.IN_FLIGHT);
    int messages = Math.min(settings.windowMessages(), current.receiveMaximum());
    return inFlight < hold.window(messages)
        && inFlightBytes() < settings.windowBytes()
        && inFlight + awaited() < window.limit();
  }

  private boolean mayTake() {
    return unsettled.bytes() < DeliverySettings.UNRECEIPTED_BYTES;
  }

  private BatchFormer.Limits batchLimits(LinkLimits current) {
    int most = Math.min(mostBytes(current), presence.maxBatchBytes());
    return new BatchFormer.Limits(
        Math.min(DeliverySettings.BATCH_EVENTS, presence.maxBatchEvents()),
        Math.min(DeliverySettings.BATCH_BYTES, most),
        most);
  }

  private int mostBytes(LinkLimits current) {
    return current.maximumPacketBytes() - settings.usageTopic().length() - PACKET_OVERHEAD_BYTES;
  }

  private void send(Batch batch, LinkLimits current) {
    byte[] json = batch.encode(clock.wallMillis());
    // As expanded it must be within the bounds of the presence, as sent within the broker's.
    if (json.length > Math.min(mostBytes(current), presence.maxBatchBytes())) {
      split(batch, "larger than a message may be: " + json.length + " bytes");
      return;
    }
    OutgoingMessage message = packed(json);
    batch.place = Place.IN_FLIGHT;
    batch.messageBytes = message.payload().length;
    batch.lateAtNanos = clock.monotonicNanos() + settings.publishTimeout().toNanos();
    long sending = ++batch.sending;
    away.add(batch);
    link.publish(message, result -> answered(batch, sending, result));
  }

  private OutgoingMessage packed(byte[] json) {
    if (json.length >= LEAST_COMPRESSED_BYTES) {
      byte[] compressed = Gzip.compress(json);
      if (compressed.length < json.length - json.length / 8) {
        return OutgoingMessage.compressed(settings.usageTopic(), compressed);
      }
    }
    return OutgoingMessage.plain(settings.usageTopic(), json);
  }

  private void answered(Batch batch, long sending, PublishResult result) {
    if (batch.place != Place.IN_FLIGHT || batch.sending != sending) {
      return; // Of an earlier connection: the batch is due again, or sent again.
    }
    switch (result.outcome()) {
      case DELIVERED -> {
        hold.proven();
        awaitReceipt(batch);
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
      case UNACCEPTABLE -> {
        away.remove(batch);
        split(batch, result.detail());
      }
      case UNKNOWN -> refused(batch, ProblemKind.NETWORK, result.detail());
    }
    if (hold.mayPause() && count(Place.IN_FLIGHT) == 0) {
      hold.pauseThen(this::pump);
      arm();
    } else {
      pump();
    }
  }

  private void awaitReceipt(Batch batch) {
    if (batch.isEmpty()) {
      away.remove(batch); // Its receipt was faster than the broker's answer.
      return;
    }
    batch.place = Place.UNRECEIPTED;
    long nowNanos = clock.monotonicNanos();
    long patienceNanos = settings.unreceipted().delay(batch.timeouts).toNanos();
    batch.lateAtNanos = nowNanos + patienceNanos;
    // As long as the first time may take. One that is never answered waits up to minutes until it
    // is sent again: with a window of one batch it would keep out all others for good.
    batch.roomUntilNanos =
        nowNanos + Math.min(patienceNanos, settings.unreceipted().first().toNanos() * 3 / 2);
  }

  private void refused(Batch batch, ProblemKind kind, String why) {
    makeDue(batch);
    hold.begin(kind, why);
  }

  private void makeDue(Batch batch) {
    away.remove(batch);
    batch.sending++;
    batch.place = Place.DUE;
    if (!batch.isEmpty()) {
      due.put(batch.number(), batch);
    }
  }

  /** Something in it is not taken: in halves, until it is known what. */
  private void split(Batch batch, String why) {
    List<JournalRecord> events = List.copyOf(batch.events());
    if (events.size() == 1) {
      setAside(events.get(0), why);
      return;
    }
    int half = (events.size() + 1) / 2;
    for (List<JournalRecord> part :
        List.of(events.subList(0, half), events.subList(half, events.size()))) {
      Batch smaller = former.create(batch.stream());
      part.forEach(event -> move(event, batch, smaller));
      makeDue(smaller);
    }
  }

  private void move(JournalRecord event, Batch from, Batch to) {
    from.remove(event);
    to.add(event);
    unsettled.put(event, to);
  }

  private boolean rejections(Receipt receipt) {
    boolean useful = false;
    Map<Batch, List<JournalRecord>> later = new HashMap<>();
    for (Rejection rejection : receipt.rejected()) {
      Member member = unsettled.get(receipt.stream(), rejection.seq());
      if (member != null && !rejection.retryable()) {
        setAside(member.event(), "refused by the billing system: " + rejection.code());
        useful = true;
      } else if (member != null && isOut(member.batch())) {
        later.computeIfAbsent(member.batch(), batch -> new ArrayList<>()).add(member.event());
        useful = true;
      }
    }
    later.forEach(this::defer);
    return useful;
  }

  private static boolean isOut(Batch batch) {
    return batch.place == Place.IN_FLIGHT || batch.place == Place.UNRECEIPTED;
  }

  /** Into a batch of their own, which takes no room in the window: the others go on. */
  private void defer(Batch batch, List<JournalRecord> events) {
    Batch deferred = former.create(batch.stream());
    events.forEach(event -> move(event, batch, deferred));
    deferred.place = Place.DEFERRED;
    deferred.timeouts = batch.timeouts + 1;
    deferred.lateAtNanos =
        clock.monotonicNanos() + settings.unreceipted().delay(batch.timeouts).toNanos();
    away.add(deferred);
    forgetIfEmpty(batch);
  }

  private void setAside(JournalRecord event, String why) {
    journal.deadLetter(event, why);
    observer.deadLettered(event.seq(), why);
    Member member = unsettled.get(event.stream(), event.seq());
    if (member != null) {
      leave(member);
    }
    onSettled.run();
  }

  private void leave(Member member) {
    unsettled.remove(member.event());
    member.batch().remove(member.event());
    forgetIfEmpty(member.batch());
  }

  private void forgetIfEmpty(Batch batch) {
    // One that is in flight takes room at the broker until that has answered.
    if (batch.isEmpty() && batch.place != Place.IN_FLIGHT) {
      due.remove(batch.number());
      away.remove(batch);
    }
  }

  private void late() {
    timer = null;
    boolean missed = false;
    boolean unanswered = false;
    for (Batch batch : List.copyOf(away)) {
      if (clock.monotonicNanos() - batch.lateAtNanos < 0) {
        continue;
      }
      if (batch.place == Place.IN_FLIGHT) {
        unanswered = true;
      } else {
        missed |= batch.place == Place.UNRECEIPTED && missing(batch);
        makeDue(batch);
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
    batch.timeouts++;
    if (limits == null || !presence.online()) {
      return false; // No wonder.
    }
    if (batch.timeouts >= TIMEOUTS_UNTIL_TOLD && !silent) {
      silent = true;
      observer.holding(ProblemKind.NO_RECEIVER, "the billing system sends no receipts");
    }
    return true;
  }

  /** One timer, for the first of what is awaited. */
  private void arm() {
    long nowNanos = clock.monotonicNanos();
    long leftNanos = Long.MAX_VALUE;
    for (Batch batch : away) {
      leftNanos = Math.min(leftNanos, batch.lateAtNanos - nowNanos);
      if (takesRoom(batch, nowNanos)) {
        leftNanos = Math.min(leftNanos, batch.roomUntilNanos - nowNanos);
      }
    }
    Duration linger = limits == null ? null : former.untilDue();
    if (linger != null && leftNanos > linger.toNanos() && canSend()) {
      leftNanos = linger.toNanos();
    }
    if (leftNanos == Long.MAX_VALUE
        || (timer != null && timerAtNanos - nowNanos <= leftNanos + TIMER_TOLERANCE_NANOS)) {
      return; // One that comes too early looks again.
    }
    if (timer != null) {
      timer.cancel();
    }
    timerAtNanos = nowNanos + leftNanos;
    timer = scheduler.schedule(this::late, Duration.ofNanos(Math.max(0, leftNanos)));
  }

  private boolean canSend() {
    LinkLimits current = limits;
    return current != null && presence.online() && !hold.holding() && hasRoom(current);
  }

  /** Batches whose receipts may still be on the way, for all that is known. */
  private int awaited() {
    long nowNanos = clock.monotonicNanos();
    int count = 0;
    for (Batch batch : away) {
      count += takesRoom(batch, nowNanos) ? 1 : 0;
    }
    return count;
  }

  private static boolean takesRoom(Batch batch, long nowNanos) {
    return batch.place == Place.UNRECEIPTED && batch.roomUntilNanos - nowNanos > 0;
  }

  private int count(Place place) {
    int count = 0;
    for (Batch batch : away) {
      count += batch.place == place ? 1 : 0;
    }
    return count;
  }

  private long inFlightBytes() {
    long bytes = 0;
    for (Batch batch : away) {
      bytes += batch.place == Place.IN_FLIGHT ? batch.messageBytes : 0;
    }
    return bytes;
  }
}
