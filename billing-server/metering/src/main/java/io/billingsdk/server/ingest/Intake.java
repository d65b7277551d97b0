package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.ledger.LedgerTransaction.KeyOwner;
import io.billingsdk.server.ledger.Streams.StreamOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Takes in usage of senders without MQTT: through the same lanes, checks and transactions, into the
 * same ledger.
 *
 * <p>Guarantees that an event with an outcome is committed, or kept as rejected. Does not know a
 * repeat by itself: an event gets a new number here each time it comes, so that only its
 * idempotency key, or the identity that was made of its request, tells that it came before.
 * Thread-safe.
 */
final class Intake {
  /** Events that may wait for the database; further ones are turned away. */
  static final int WAITING = 20_000;

  /** The same in kilobytes: events of a few bytes and events with much metadata. */
  static final int WAITING_KILOBYTES = 16 << 10;

  private static final long PATIENCE_SECONDS = 30;

  private static final String HELD =
      "; the server keeps it, and counts it when its clock allows: do not send it again";

  private final CollectorLanes collectorLanes;
  private final long patienceMillis;
  private final Semaphore room = new Semaphore(WAITING);
  private final Semaphore kilobytes = new Semaphore(WAITING_KILOBYTES);
  private final AtomicInteger turn = new AtomicInteger();

  /** As many as there are lanes, so that all of them can work. */
  private final List<Numbered> streams =
      Stream.generate(Numbered::anew).limit(CollectorLanes.COUNT).toList();

  Intake(CollectorLanes collectorLanes) {
    this(collectorLanes, TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
  }

  Intake(CollectorLanes collectorLanes, long patienceMillis) {
    this.collectorLanes = collectorLanes;
    this.patienceMillis = patienceMillis;
  }

  private record Numbered(UUID stream, AtomicLong last) {
    static Numbered anew() {
      return new Numbered(UUID.randomUUID(), new AtomicLong());
    }
  }

  /** What became of an event. */
  public enum Status {
    /** It is in the ledger, by this request. */
    STORED,
    /** It was in the ledger before: another with its app and idempotency key is counted. */
    DUPLICATE,
    /** It is refused for good, and kept with the reason. */
    REJECTED,
    /** It is not counted, and kept: its idempotency key is that of an event with other content. */
    CONFLICT
  }

  /**
   * What became of an event, and why.
   *
   * @param code why it is refused, for machines; empty when it is not
   * @param detail the same in words; quotes no content
   * @param unattributed whether it is stored and belongs to no app, since its key is not known
   */
  public record Outcome(Status status, String code, String detail, boolean unattributed) {
    Outcome(Status status, String code, String detail) {
      this(status, code, detail, /* unattributed= */ false);
    }
  }

  /** The ledger could not be asked in time: whether the events are stored is not known. */
  public static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message) {
      super(message);
    }
  }

  /**
   * Stores events, and returns when all of them have an outcome.
   *
   * @return an outcome for each, in their order
   * @throws UnavailableException when the database does not answer, or too much waits for it
   */
  public List<Outcome> store(List<SentEvent> events) throws UnavailableException {
    if (events.isEmpty()) {
      return List.of();
    }
    if (!room.tryAcquire(events.size())) {
      throw full();
    }
    Numbered of = streams.get(Math.floorMod(turn.getAndIncrement(), streams.size()));
    List<IncomingEvent> entries = numbered(of, events);
    int bytes = bytes(entries);
    int size = 1 + (bytes >> 10);
    if (!kilobytes.tryAcquire(size)) {
      room.release(entries.size());
      throw full();
    }
    CompletableFuture<Void> stored = new CompletableFuture<>();
    // Given back by the lane and not by the waiting request: what nobody waits for waits still.
    Runnable confirmation =
        () -> {
          room.release(entries.size());
          kilobytes.release(size);
          stored.complete(null);
        };
    collectorLanes.arrived(
        new IncomingMessage(
                Sender.HTTP, bytes, null, entries, null, /* repeated= */ true, confirmation)
            .from(new Sender(Sender.HTTP, streams.indexOf(of))));
    await(stored);
    return entries.stream().map(Intake::outcome).toList();
  }

  private static UnavailableException full() {
    return new UnavailableException("too many events wait for the database");
  }

  private static int bytes(List<IncomingEvent> entries) {
    return entries.stream().mapToInt(each -> RejectedEventJson.characters(each.event())).sum();
  }

  private static List<IncomingEvent> numbered(Numbered of, List<SentEvent> events) {
    List<IncomingEvent> entries = new ArrayList<>(events.size());
    for (SentEvent each : events) {
      ReceivedEvent event = each.numbered(of.last.incrementAndGet());
      entries.add(
          IncomingEvent.numberedHere(of.stream, StreamOrigin.HTTP, event, each.timed())
              .sentBy(Sender.HTTP));
    }
    return entries;
  }

  private void await(CompletableFuture<Void> stored) throws UnavailableException {
    try {
      stored.get(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw new UnavailableException("the database does not answer");
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the server stops");
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean isUnattributed(IncomingEvent incomingEvent) {
    KeyOwner owner = incomingEvent.owner();
    return owner != null && owner.app() == null;
  }

  private static Outcome outcome(IncomingEvent incomingEvent) {
    return switch (incomingEvent.fate()) {
      case COMMITTED -> new Outcome(Status.STORED, "", "", isUnattributed(incomingEvent));
      case DUPLICATE -> new Outcome(Status.DUPLICATE, "", "");
      case REJECTED -> {
        boolean conflicts = incomingEvent.code().equals("CONFLICT");
        yield new Outcome(
            conflicts ? Status.CONFLICT : Status.REJECTED,
            incomingEvent.code(),
            incomingEvent.isHeld() ? incomingEvent.detail() + HELD : incomingEvent.detail());
      }
      case PENDING, DEFERRED -> throw new IllegalStateException("acknowledged without a fate");
    };
  }
}
