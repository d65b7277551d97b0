package io.billingsdk.server.ingest;

import io.billingsdk.protocol.ReceivedEvent;
import io.billingsdk.server.broker.UsageSource;
import io.billingsdk.server.ledger.Strangers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a collector has done since its start, for metrics. Thread-safe. */
final class CollectorCounts {
  private final LongAdder batches = new LongAdder();
  private final LongAdder committed = new LongAdder();
  private final LongAdder duplicates = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  private final LongAdder conflicts = new LongAdder();
  private final LongAdder held = new LongAdder();
  private final RejectionAlarm alarm = new RejectionAlarm();
  private final LongAdder leftOut = new LongAdder();
  private final LongAdder deferred = new LongAdder();
  private final Strangers strangers = new Strangers();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder receipts = new LongAdder();
  private final LongAdder waiting = new LongAdder();
  private final LongSupplier nanos;
  private final WaitingSince since;
  private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable UsageSource source;
  private volatile long lastCommitMillis;
  private volatile long lagMillis;
  private volatile long lastStoredNanos;

  /** Hears of each transaction with events, on the thread that made it. */
  @FunctionalInterface
  public interface CommitListener {
    /**
     * One is committed.
     *
     * @param events in it
     * @param nanos from its beginning, repetitions included
     */
    void committed(int events, long nanos);
  }

  /** Of a collector that has done nothing yet. */
  public CollectorCounts() {
    this(System::nanoTime);
  }

  /** The same by another clock; {@code nanos} as {@link System#nanoTime} has it. */
  CollectorCounts(LongSupplier nanos) {
    this.nanos = nanos;
    this.since = new WaitingSince(nanos);
    this.lastStoredNanos = nanos.getAsLong();
  }

  /** Transactions with events that were committed. */
  public long batches() {
    return batches.sum();
  }

  /** Events that were new, and are in the ledger. */
  public long committed() {
    return committed.sum();
  }

  /** Events that were in the ledger. */
  public long duplicates() {
    return duplicates.sum();
  }

  /** Events that were rejected for good, except those that conflict with others. */
  public long rejected() {
    return rejected.sum();
  }

  /** How often events were rejected for now, since the clocks do not agree. */
  public long held() {
    return held.sum();
  }

  /** Events with the identity of others and other content. */
  public long conflicts() {
    return conflicts.sum();
  }

  /** Rejected events and conflicts without a kept row, since their sender had too many. */
  public long leftOut() {
    return leftOut.sum();
  }

  /** Events that are not taken for now: their instances keep them, and send them again. */
  public long deferred() {
    return deferred.sum();
  }

  /** What instances say of the streams of others. */
  public Strangers strangers() {
    return strangers;
  }

  /** Messages that could not be read. */
  public long malformed() {
    return malformed.sum();
  }

  /** Receipts that were handed to the connection. */
  public long receipts() {
    return receipts.sum();
  }

  /** Messages that have come and are not settled. */
  public long waiting() {
    return waiting.sum();
  }

  /**
   * How long the oldest message that has come has waited to be stored, in seconds; 0: none does.
   */
  public long notStoredSeconds() {
    return since.oldestSeconds();
  }

  /**
   * Whether what waits is stored: some of it was within this time, or has not waited for so long.
   */
  public boolean isStoring(long withinSeconds) {
    long idle = nanos.getAsLong() - lastStoredNanos;
    return notStoredSeconds() <= withinSeconds || idle <= TimeUnit.SECONDS.toNanos(withinSeconds);
  }

  /** The same, which waits from now until it is confirmed. */
  Waiting waits(Waiting come) {
    return new Waiting.CountedWaiting(come, since.enter());
  }

  /** When events were committed last, in milliseconds since 1970; 0: never since the start. */
  public long lastCommitMillis() {
    return lastCommitMillis;
  }

  /**
   * How long before its commit the oldest event of the last transaction was used, in milliseconds.
   * An event may say that it is of the future: then less than 0.
   */
  public long lagMillis() {
    return lagMillis;
  }

  /** Bytes of messages that are held in process and not settled. */
  public long heldBytes() {
    UsageSource known = source;
    return known == null ? 0 : known.heldBytes();
  }

  /** Connections that are not read until some of those bytes are committed. */
  public int stoppedConnections() {
    UsageSource known = source;
    return known == null ? 0 : known.stoppedConnections();
  }

  void comeFrom(UsageSource whence) {
    source = whence;
  }

  /** Tells of each transaction from now on. */
  public void onCommit(CommitListener listener) {
    listeners.add(listener);
  }

  void committed(int events, long nanos) {
    for (CommitListener each : listeners) {
      each.committed(events, nanos);
    }
  }

  void arrived() {
    waiting.increment();
  }

  /** So many messages are acknowledged, or given up. */
  void settled(int messages) {
    waiting.add(-messages);
  }

  void unreadable(int messages) {
    malformed.add(messages);
  }

  void receipts(int sent) {
    receipts.add(sent);
  }

  private void refused(IncomingEvent incomingEvent) {
    if (incomingEvent.code().equals("CONFLICT")) {
      conflicts.increment();
    } else {
      (incomingEvent.isHeld() ? held : rejected).increment();
    }
    if (incomingEvent.isLeftOut()) {
      leftOut.increment();
    }
  }

  /** Events whose fate is committed. */
  void stored(List<IncomingEvent> entries) {
    lastStoredNanos = nanos.getAsLong();
    if (entries.isEmpty()) {
      return;
    }
    batches.increment();
    alarm.stored(entries);
    long oldest = Long.MAX_VALUE;
    int added = 0;
    for (IncomingEvent each : entries) {
      switch (each.fate()) {
        case COMMITTED -> {
          added++;
          if (each.event() instanceof ReceivedEvent.Valid event) {
            oldest = Math.min(oldest, event.timestampMillis());
          }
        }
        case DUPLICATE -> duplicates.increment();
        case REJECTED -> refused(each);
        case DEFERRED -> deferred.increment();
        case PENDING -> {
          // A stored event has a fate; and a count is no reason to end the collector.
        }
      }
    }
    committed.add(added);
    if (oldest != Long.MAX_VALUE) {
      long now = System.currentTimeMillis();
      lastCommitMillis = now;
      lagMillis = now - oldest;
    }
  }
}
