package io.billingsdk.server.control;

import io.billingsdk.protocol.Bounds;
import io.billingsdk.protocol.LeaseRequest;
import io.billingsdk.protocol.MalformedMessageException;
import io.billingsdk.protocol.V2Topics;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.common.LimitedLog;
import io.billingsdk.server.control.InstanceLeases.LeaseAnswer;
import io.billingsdk.server.control.Turns.Turn;
import io.billingsdk.server.db.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.LoggerFactory;

/**
 * Answers what instances ask of quotas and rates, one after the other, on a thread of its own:
 * changes of keys and signs of life do not wait for it. What an instance asks while the database is
 * away is not answered; it asks again. Thread-safe.
 */
final class LeaseDesk implements AutoCloseable {
  private static final LimitedLog log = new LimitedLog(LoggerFactory.getLogger(LeaseDesk.class));

  /** An SDK asks once for all its quotas, and again when a call needs more. */
  static final int BURST = 50;

  static final Duration INTERVAL = Duration.ofMillis(20);

  /** Questions of one instance that wait; of more the oldest are left out. */
  static final int UNREAD = 8;

  /** Of all instances together. */
  static final long UNREAD_BYTES = 16L << 20;

  private static final int ALL = Integer.MAX_VALUE;

  private final InstanceLeases leases;
  private final V2Topics topics;
  private final UUID ledger;
  private final KeyPublisher publisher;
  private final Counts counts;
  private final Turns<List<byte[]>> turns =
      new Turns<>(BURST, INTERVAL, this::merge, System::nanoTime);
  private final Room room = new Room(UNREAD_BYTES);
  private final Thread thread = new Thread(this::run, "billing-leases");
  private volatile boolean closed;

  /** A desk to be opened. */
  LeaseDesk(
      InstanceLeases leases, String prefix, UUID ledger, KeyPublisher publisher, Counts counts) {
    this.leases = leases;
    this.topics = V2Topics.under(prefix);
    this.ledger = ledger;
    this.publisher = publisher;
    this.counts = counts;
    thread.setDaemon(true);
  }

  /** Begins to answer. */
  void start() {
    thread.start();
  }

  /** An instance asks; returns at once, with how long its connection should wait. */
  Duration asked(String instance, byte[] payload) {
    if (payload.length > Bounds.LEASE_BYTES) {
      malformed(instance, payload.length + " bytes are too many");
      return INTERVAL;
    }
    List<byte[]> one = new ArrayList<>();
    one.add(payload);
    boolean roomy = room.enter(payload.length);
    Duration early = roomy ? turns.enter(instance, one) : Duration.ofNanos(-1);
    if (early.isNegative()) {
      room.leave(roomy ? payload.length : 0);
      counts.add(Family.LEASE_REQUESTS, "dropped");
    }
    return early;
  }

  @Override
  public void close() {
    closed = true;
    turns.close();
    thread.interrupt();
  }

  private List<byte[]> merge(List<byte[]> before, List<byte[]> now) {
    before.addAll(now);
    while (before.size() > UNREAD) {
      room.leave(before.remove(0).length);
      counts.add(Family.LEASE_REQUESTS, "superseded");
    }
    return before;
  }

  private void run() {
    while (!closed) {
      try {
        for (Turn<List<byte[]>> turn : turns.take(ALL)) {
          turn.value().forEach(payload -> answer(turn.name(), payload));
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void answer(String instance, byte[] payload) {
    room.leave(payload.length);
    try {
      LeaseRequest request = LeaseRequest.decode(payload);
      for (LeaseAnswer each : leases.ask(instance, LeaseMessages.question(request))) {
        var unused =
            publisher.publish(
                topics.leases(each.instance()), LeaseMessages.grant(each, ledger).encode());
      }
      counts.add(Family.LEASE_REQUESTS, "answered");
    } catch (MalformedMessageException malformed) {
      malformed(instance, String.valueOf(malformed.getMessage()));
    } catch (DatabaseException away) {
      counts.add(Family.LEASE_REQUESTS, "failed");
      log.warn(
          LimitedLog.LogKind.CONTROL,
          "leases of {} cannot be granted now: {}",
          instance,
          away.getMessage());
    } catch (RuntimeException | StackOverflowError defect) {
      counts.add(Family.LEASE_REQUESTS, "failed");
      log.error(LimitedLog.LogKind.DEFECT, "a request for leases failed", defect);
    }
  }

  private void malformed(String instance, String why) {
    counts.add(Family.LEASE_REQUESTS, "malformed");
    log.warn(
        LimitedLog.LogKind.CONTROL, "a request for leases of {} is malformed: {}", instance, why);
  }
}
