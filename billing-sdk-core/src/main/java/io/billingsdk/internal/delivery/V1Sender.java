package io.billingsdk.internal.delivery;

import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.JournalRecord;
import io.billingsdk.internal.link.BrokerLink;
import io.billingsdk.internal.link.LinkLimits;
import io.billingsdk.internal.link.PublishResult;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.internal.time.Scheduler;
import io.billingsdk.internal.time.Scheduler.Cancellable;
import io.billingsdk.protocol.V1Codec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Protocol v1: carries events one by one to the broker, in order, within a window.
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
 * <p>Confined to the scheduler's thread.
 */
final class V1Sender implements Sender {
  /** Beside topic and payload: fixed header, packet id, properties. */
  private static final int PACKET_OVERHEAD_BYTES = 64;

  private final DeliverySettings settings;
  private final EventJournal journal;
  private final BrokerLink link;
  private final Clock clock;
  private final Scheduler scheduler;
  private final DeliveryObserver observer;
  private final Runnable onSettled;
  private final SendGate sendGate;

  // Valid for one connection; null when there is none.
  private @Nullable LinkLimits limits;
  private final Map<JournalRecord, Flight> inFlight = new LinkedHashMap<>();
  private long inFlightBytes;
  private @Nullable Cancellable timeoutCheck;

  // Valid across connections.
  private long connections;

  private record Flight(JournalRecord event, int bytes, long sentAtNanos, long connection) {}

  /** Sends nothing until the link is up. */
  V1Sender(
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
    this.scheduler = scheduler;
    this.observer = observer;
    this.onSettled = onSettled;
    this.sendGate = new SendGate(settings, scheduler, observer);
  }

  @Override
  public void up(LinkLimits newLimits) {
    limits = newLimits;
    connections++;
    // After a broker's restart its subscribers may not be back. Were a full window refused, those
    // behind the moment of their return would overtake those before it.
    sendGate.probe();
    pump();
  }

  /** Unanswered events go back. */
  @Override
  public void down() {
    limits = null;
    inFlight.clear();
    inFlightBytes = 0;
    cancelTimeoutCheck();
    journal.rewind();
    sendGate.down(this::pump);
  }

  @Override
  public void stop() {
    limits = null;
    inFlight.clear();
    inFlightBytes = 0;
    cancelTimeoutCheck();
    sendGate.end();
    journal.rewind();
  }

  @Override
  public void pump() {
    LinkLimits current = limits;
    while (current != null && !sendGate.holding() && hasRoom(current)) {
      JournalRecord event = journal.next();
      if (event == null) {
        // What turned out to be damaged needs no delivery: a flush may be complete without one.
        onSettled.run();
        return;
      }
      sendOrKeep(event, current);
    }
  }

  private void sendOrKeep(JournalRecord event, LinkLimits current) {
    try {
      send(event, current);
    } catch (Throwable failed) {
      // In nobody's hands, it would never be sent. The pause begins with a rewind of the journal.
      Flight flight = inFlight.remove(event);
      inFlightBytes -= flight == null ? 0 : flight.bytes();
      sendGate.begin(ProblemKind.LOCAL, "an event cannot be sent: " + failed.getClass().getName());
      pauseIfAllAnswered();
      throw failed;
    }
  }

  /** Whether it has begun to pause, since nothing is left that would end the hold. */
  private boolean pauseIfAllAnswered() {
    if (sendGate.mayPause() && inFlight.isEmpty()) {
      journal.rewind();
      sendGate.pauseThen(this::pump);
      return true;
    }
    return false;
  }

  private boolean hasRoom(LinkLimits current) {
    int messages = Math.min(settings.windowMessages(), current.receiveMaximum());
    return inFlight.size() < sendGate.window(messages) && inFlightBytes < settings.windowBytes();
  }

  private void send(JournalRecord event, LinkLimits current) {
    byte[] message = V1Codec.message(event.body(), event.stream(), event.seq());
    int packetBytes = message.length + settings.reportTopic().length() + PACKET_OVERHEAD_BYTES;
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
    link.publish(settings.reportTopic(), message, result -> answered(flight, result));
  }

  private void answered(Flight flight, PublishResult result) {
    if (!inFlight.remove(flight.event(), flight)) {
      return; // Of an earlier connection: the event went back to the journal long ago.
    }
    inFlightBytes -= flight.bytes();
    switch (result.outcome()) {
      case DELIVERED -> delivered(flight.event());
      case NO_SUBSCRIBER -> sendGate.begin(ProblemKind.NO_RECEIVER, "nobody receives the reports");
      case TRY_LATER ->
          sendGate.begin(
              ProblemKind.BROKER, "the broker cannot take reports now: " + result.detail());
      case FORBIDDEN ->
          sendGate.begin(
              ProblemKind.FORBIDDEN,
              "the broker does not let this client publish to " + settings.reportTopic());
      case UNACCEPTABLE -> setAside(flight.event(), result.detail());
      case UNKNOWN -> sendGate.begin(ProblemKind.NETWORK, result.detail());
    }
    if (!pauseIfAllAnswered()) {
      pump();
    }
  }

  private void delivered(JournalRecord event) {
    journal.acknowledge(event);
    observer.settled(/* delivered= */ 1, /* setAside= */ 0, "");
    sendGate.proven();
    onSettled.run();
  }

  private void setAside(JournalRecord event, String why) {
    // First: who sees the count of what is set aside sees the trouble, too.
    observer.settled(/* delivered= */ 0, /* setAside= */ 1, why);
    journal.deadLetter(event, why);
    observer.deadLettered(event.stream(), event.seq(), why);
    onSettled.run();
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

  private void cancelTimeoutCheck() {
    if (timeoutCheck != null) {
      timeoutCheck.cancel();
      timeoutCheck = null;
    }
  }
}
