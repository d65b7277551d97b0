package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.EventJournal.Append;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process with a journal on a simulated disk, without threads. */
final class SimulatedProcess {
  static final Path ROOT = Path.of("/data/journal");

  private final SimulatedFiles files;
  private final ManualClock clock;
  private final UUID stream;
  private final AppendQueue queue;
  private final DeliveryQueue deliveryQueue;
  private final JournalEngine engine;
  private final List<JournalRecord> out = new ArrayList<>();

  SimulatedProcess(SimulatedDisk disk, JournalOptions options, ManualClock clock) {
    this(disk, options, clock, PlantedBug.NONE);
  }

  SimulatedProcess(SimulatedDisk disk, JournalOptions options, ManualClock clock, PlantedBug bug) {
    this(disk, options, clock, bug, new SimulatedSyncer());
  }

  SimulatedProcess(
      SimulatedDisk disk,
      JournalOptions options,
      ManualClock clock,
      PlantedBug bug,
      Syncer syncer) {
    this(new SimulatedFiles(disk), disk, options, clock, bug, syncer);
  }

  private SimulatedProcess(
      SimulatedFiles files,
      SimulatedDisk disk,
      JournalOptions options,
      ManualClock clock,
      PlantedBug bug,
      Syncer syncer) {
    this(
        files,
        bug.in(files),
        new UUID(disk.random().nextLong(), disk.random().nextLong()),
        options,
        clock,
        bug.in(syncer),
        bug);
  }

  /** One whose engine sees the files through others. */
  SimulatedProcess(
      SimulatedFiles files,
      JournalFiles seen,
      UUID stream,
      JournalOptions options,
      ManualClock clock) {
    this(files, seen, stream, options, clock, new SimulatedSyncer(), PlantedBug.NONE);
  }

  private SimulatedProcess(
      SimulatedFiles files,
      JournalFiles seen,
      UUID stream,
      JournalOptions options,
      ManualClock clock,
      Syncer syncer,
      PlantedBug bug) {
    this.files = files;
    this.clock = clock;
    this.stream = stream;
    this.queue = new AppendQueue(options.ringBytes(), options.maxBytes(), () -> {});
    DeliveryQueue sound = new DeliveryQueue(stream, options.aheadBytes(), () -> {}, () -> {});
    this.deliveryQueue = bug.in(sound, stream, queue);
    this.engine =
        new JournalEngine(seen, ROOT, options, clock, stream, queue, deliveryQueue, syncer);
  }

  void open() throws IOException {
    engine.open();
  }

  /** Sets who is told that files went away. */
  void onProblem(Consumer<String> told) {
    engine.onProblem(told, () -> {});
  }

  UUID stream() {
    return stream;
  }

  void deliveringTo(UUID ledger) {
    engine.deliveringTo(ledger);
  }

  Append append(byte[] body, @Nullable CompletableFuture<Void> durable) {
    return queue.offer(body, durable);
  }

  long step() {
    long nanos = engine.step();
    engine.published();
    return nanos;
  }

  /** Steps until there is nothing to do now. */
  void settleDown() {
    for (int i = 0; i < 1_000; i++) {
      if (step() > 0) {
        return;
      }
    }
    throw new AssertionError("the journal finds something to do for ever");
  }

  @Nullable JournalRecord next() {
    JournalRecord next = deliveryQueue.next();
    if (next != null) {
      out.add(next);
    }
    return next;
  }

  void acknowledge(JournalRecord delivered) {
    out.remove(delivered);
    deliveryQueue.settle(delivered, null);
  }

  void deadLetter(JournalRecord refused, String reason) {
    out.remove(refused);
    deliveryQueue.settle(refused, reason);
  }

  void rewind() {
    out.clear();
    deliveryQueue.rewind();
  }

  void advance(Duration passed) {
    clock.advance(passed);
  }

  void close() {
    queue.close();
    engine.close();
  }

  void kill() {
    files.kill();
  }

  /** What is handed out and not settled. */
  List<JournalRecord> out() {
    return out;
  }

  long recovered() {
    return engine.view().recovered();
  }

  JournalEngine.View view() {
    return engine.view();
  }

  long appended() {
    return queue.lastSeq();
  }

  long acknowledged() {
    return figures().acknowledged();
  }

  long deadLettered() {
    return figures().deadLettered();
  }

  long dropped() {
    return figures().dropped();
  }

  List<DroppedRange> droppedRanges() {
    return deliveryQueue.droppedRanges();
  }

  boolean hasDropped(JournalRecord event) {
    return droppedRanges().stream()
        .filter(range -> range.stream().equals(event.stream()))
        .anyMatch(range -> range.first() <= event.seq() && event.seq() <= range.last());
  }

  JournalFigures figures() {
    return JournalFigures.of(deliveryQueue.counts(), engine.view(), queue.lastSeq(), queue.bytes());
  }

  long pending() {
    return figures().pending();
  }

  long bytes() {
    return queue.bytes();
  }

  boolean settledUpTo(long mark) {
    return !engine.isOwing() && deliveryQueue.settledUpTo(mark, recovered());
  }

  long unwritten() {
    return engine.unwrittenRecords();
  }
}
