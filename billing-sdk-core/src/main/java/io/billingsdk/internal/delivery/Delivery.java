package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.journal.Journal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.wire.V1Codec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Carries events from the journal to the broker, in order, within a window.
 *
 * <p>What becomes of an event, step by step:
 *
 * <ol>
 *   <li>It is handed out by the journal and published. A crash here repeats it; {@code (stream,
 *       seq)} tells.
 *   <li>PUBACK with SUCCESS: it is acknowledged in the journal. Only now may it be forgotten.
 *   <li>Any other answer keeps it. While the broker cannot take events nothing new is sent; when
 *       all that was sent is answered, the journal is rewound and, after a pause, one event goes
 *       ahead as a probe.
 *   <li>An event that the broker will never take is set aside as a dead letter; the others go on.
 *   <li>The connection is lost: all that is not acknowledged will be sent again.
 * </ol>
 *
 * <p>Confined to the scheduler's thread, but for {@link #wake}.
 */
public final class Delivery {
  /** Beside topic and payload: fixed header, packet id, properties. */
  private static final int PACKET_OVERHEAD_BYTES = 64;

  private final DeliverySettings settings;
  private final Journal journal;
  private final BrokerLink link;
  private final Clock clock;
  private final Scheduler scheduler;
  private final DeliveryObserver observer;
  private final FlushWaiters waiters;
  private final AtomicBoolean woken = new AtomicBoolean();

  // Valid for one connection; null when there is none.
  private @Nullable LinkLimits limits;
  private final Map<JournalRecord, Flight> inFlight = new LinkedHashMap<>();
  private long inFlightBytes;
  private @Nullable Cancellable timeoutCheck;

  // Valid across connections.
  private long connections;
  private boolean holding;
  private boolean probing;
  private int holds;
  private @Nullable Cancellable resumption;
  private ProblemKind holdReason = ProblemKind.BROKER;

  private record Flight(JournalRecord event, int bytes, long sentAtNanos, long connection) {}

  /** Sends nothing until the link is up. */
  public Delivery(
      DeliverySettings settings,
      Journal journal,
      BrokerLink link,
      Clock clock,
      Scheduler scheduler,
      DeliveryObserver observer) {
    this.settings = settings;
    this.journal = journal;
    this.link = link;
    this.clock = clock;
    this.scheduler = scheduler;
    this.observer = observer;
    this.waiters = new FlushWaiters(journal);
  }

  /** There is something new in the journal. Any thread; cheap when repeated. */
  public void wake() {
    if (woken.compareAndSet(/* expectedValue= */ false, /* newValue= */ true)) {
      scheduler.execute(
          () -> {
            // Before looking, so that an event appended after the look wakes again.
            woken.set(false);
            pump();
          });
    }
  }

  /** The link is up. */
  public void up(LinkLimits newLimits) {
    limits = newLimits;
    connections++;
    // After a broker's restart its subscribers may not be back. Were a full window refused, those
    // behind the moment of their return would overtake those before it.
    probing = true;
    pump();
  }

  /** The link is down: what was not answered goes back. */
  public void down() {
    limits = null;
    inFlight.clear();
    inFlightBytes = 0;
    cancelTimeoutCheck();
    journal.rewind();
    if (holding && holdReason == ProblemKind.NETWORK) {
      // The unanswered ones were the first sign of this loss; the next connection is a fresh start.
      // Their pause must not reach into it: a hold that begins there would find a pause running,
      // not rewind, and let what is behind overtake what was refused.
      holding = false;
      cancelResumption();
    } else if (holding && resumption == null) {
      pauseThenProbe();
    }
  }

  /** Completes when all that is in the journal now is settled. */
  public CompletableFuture<Void> flush() {
    return waiters.await(journal.mark());
  }

  private void pump() {
    LinkLimits current = limits;
    while (current != null && !holding && hasRoom(current)) {
      JournalRecord event = journal.next();
      if (event == null) {
        // What turned out to be damaged needs no delivery: a flush may be complete without one.
        waiters.settled();
        return;
      }
      send(event, current);
    }
  }

  private boolean hasRoom(LinkLimits current) {
    int messages = Math.min(settings.windowMessages(), current.receiveMaximum());
    return inFlight.size() < (probing ? 1 : messages) && inFlightBytes < settings.windowBytes();
  }

  private void send(JournalRecord event, LinkLimits current) {
    byte[] message = V1Codec.message(event.body(), event.stream(), event.seq());
    int packetBytes = message.length + settings.topic().length() + PACKET_OVERHEAD_BYTES;
    if (packetBytes > current.maximumPacketBytes()) {
      setAside(
          event,
          "larger than the broker's packets may be: "
              + packetBytes
              + " of "
              + current.maximumPacketBytes()
              + " bytes");
      return;
    }
    Flight flight = new Flight(event, message.length, clock.monotonicNanos(), connections);
    inFlight.put(event, flight);
    inFlightBytes += message.length;
    if (timeoutCheck == null) {
      timeoutCheck = scheduler.schedule(this::checkTimeout, settings.publishTimeout());
    }
    link.publish(settings.topic(), message, result -> answered(flight, result));
  }

  private void answered(Flight flight, PublishResult result) {
    if (!inFlight.remove(flight.event(), flight)) {
      return; // Of an earlier connection: the event went back to the journal long ago.
    }
    inFlightBytes -= flight.bytes();
    switch (result.outcome()) {
      case DELIVERED -> delivered(flight.event());
      case NO_SUBSCRIBER -> hold(ProblemKind.NO_RECEIVER, "nobody receives the reports");
      case TRY_LATER ->
          hold(ProblemKind.BROKER, "the broker cannot take reports now: " + result.detail());
      case FORBIDDEN ->
          hold(
              ProblemKind.FORBIDDEN,
              "the broker does not let this client publish to " + settings.topic());
      case UNACCEPTABLE -> setAside(flight.event(), result.detail());
      case UNKNOWN -> hold(ProblemKind.NETWORK, result.detail());
    }
    if (holding && inFlight.isEmpty() && resumption == null) {
      journal.rewind();
      pauseThenProbe();
    } else {
      pump();
    }
  }

  private void delivered(JournalRecord event) {
    journal.acknowledge(event);
    if (probing) {
      probing = false;
      holds = 0;
      observer.delivering();
    }
    waiters.settled();
  }

  private void setAside(JournalRecord event, String why) {
    journal.deadLetter(event, why);
    observer.deadLettered(event.seq(), why);
    waiters.settled();
  }

  private void hold(ProblemKind kind, String why) {
    if (!holding) {
      holding = true;
      holdReason = kind;
      if (kind != ProblemKind.NETWORK) {
        observer.holding(kind, why);
      }
    }
  }

  private void pauseThenProbe() {
    Duration pause =
        (holdReason == ProblemKind.FORBIDDEN ? settings.refused() : settings.busy()).delay(holds++);
    resumption =
        scheduler.schedule(
            () -> {
              resumption = null;
              holding = false;
              probing = true;
              pump();
            },
            pause);
  }

  /** A packet cannot be taken back, nor sent twice on one connection: only a new one helps. */
  private void checkTimeout() {
    timeoutCheck = null;
    if (inFlight.isEmpty()) {
      return;
    }
    Flight oldest = inFlight.values().iterator().next();
    long leftNanos =
        settings.publishTimeout().toNanos() - (clock.monotonicNanos() - oldest.sentAtNanos());
    if (leftNanos <= 0) {
      link.reconnect("the broker did not acknowledge a report within " + settings.publishTimeout());
    } else {
      timeoutCheck = scheduler.schedule(this::checkTimeout, Duration.ofNanos(leftNanos));
    }
  }

  private void cancelResumption() {
    if (resumption != null) {
      resumption.cancel();
      resumption = null;
    }
  }

  private void cancelTimeoutCheck() {
    if (timeoutCheck != null) {
      timeoutCheck.cancel();
      timeoutCheck = null;
    }
  }
}
