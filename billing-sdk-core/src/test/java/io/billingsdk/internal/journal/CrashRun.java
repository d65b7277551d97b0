package io.billingsdk.internal.journal;

import io.billingsdk.internal.journal.CrashOracle.FoundEvents;
import io.billingsdk.internal.journal.CrashOracle.Identity;
import io.billingsdk.internal.journal.EventJournal.Appended;
import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One seeded life of a journal directory: several generations of processes, each ended by a crash
 * at some call or between two, by a kill, or in order; after each the oracle looks at the disk.
 */
final class CrashRun {
  private final long seed;
  private final Random random;
  private final CrashOracle oracle;
  private final JournalOptions options;
  private final boolean withFaults;
  private final PlantedBug bug;

  /** Decides on forces beside the writer; null when there are none. */
  private final @Nullable Random forcing;

  /** Decides on the ledger that is delivered to; null when nothing is retained. */
  private final @Nullable Random ledgers;

  /** What each ledger has, by the receipts that were sent. */
  private final Map<UUID, Set<Identity>> committed = new HashMap<>();

  private UUID ledger = new UUID(1, 0);

  private long broughtBack;

  /** Whether there ever was another: what was settled may come again from then on. */
  private boolean ledgerChanged;

  private SimulatedDisk disk;
  private FoundEvents found = new FoundEvents(0, true);
  private long states;
  private StringBuilder trace = new StringBuilder();

  // Of one generation.

  private ManualClock clock = new ManualClock();
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private final List<ForceWaiter> waiters = new ArrayList<>();
  private final List<Dead> unsettledDead = new ArrayList<>();
  private final Map<SimulatedProcess, HandedOut> handedOut = new HashMap<>();
  private boolean exact;

  /** Settled in this generation, while no process was killed. */
  private final Set<Identity> settled = new HashSet<>();

  private boolean closedInOrder;

  /** What one process has handed out: each record once, the first times in order. */
  private static final class HandedOut {
    private final Map<Identity, JournalRecord> records = new HashMap<>();
    private final Map<UUID, Long> last = new HashMap<>();

    void check(JournalRecord next) {
      JournalRecord before = records.putIfAbsent(Identity.of(next), next);
      if (before != null && before != next) {
        throw new AssertionError("two records of one identity: " + next);
      }
      if (before == null && last.merge(next.stream(), next.seq(), Math::max) > next.seq()) {
        throw new AssertionError("handed out after a later one: " + next);
      }
    }
  }

  private record ForceWaiter(Identity id, CompletableFuture<Void> durable) {}

  private record Dead(SimulatedProcess process, Identity id) {}

  CrashRun(long seed, boolean withFaults) {
    this(seed, withFaults, /* overlapped= */ false, PlantedBug.NONE);
  }

  /** One in which, if it is {@code overlapped}, writing goes on while the disk forces. */
  CrashRun(long seed, boolean withFaults, boolean overlapped, PlantedBug bug) {
    this(seed, withFaults, overlapped, /* retaining= */ false, bug);
  }

  /** One that, if it is {@code retaining}, is delivered to changing ledgers, which want it all. */
  CrashRun(long seed, boolean withFaults, boolean overlapped, boolean retaining, PlantedBug bug) {
    this.bug = bug;
    this.ledgers = retaining ? new Random(seed * 31) : null;
    // Of its own, so that a seed that failed once is the same run with it and without.
    this.forcing = overlapped ? new Random(seed) : null;
    this.seed = seed;
    this.withFaults = withFaults;
    this.oracle = new CrashOracle();
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.disk = new SimulatedDisk(random);
    // Not drawn: seeds that failed once stay the same runs.
    this.options =
        options(random)
            .dropOldest(!retaining && (seed % 11 == 0 || seed % 13 == 0))
            .reserve(seed % 20 == 0 || seed % 10 == 5 ? 2_000 : 0)
            .retaining(
                retaining ? new Retention(Duration.ofDays(1), /* bytes= */ Long.MAX_VALUE) : null);
  }

  private static JournalOptions options(Random random) {
    long[] segments = {200, 700, 3_000, 20_000};
    long[] bounds = {3_000, 20_000, 1 << 20};
    Duration[] intervals = {null, Duration.ZERO, Duration.ofMillis(200)};
    return new JournalOptions(
        bounds[random.nextInt(3)],
        segments[random.nextInt(4)],
        1 << 20,
        random.nextBoolean() ? 300 : 1 << 20,
        intervals[random.nextInt(3)],
        /* minFreeBytes= */ 0);
  }

  /**
   * Runs it.
   *
   * @return the crash states that were checked
   */
  long run() {
    int generations = 2 + random.nextInt(4);
    try {
      for (int i = 0; i < generations; i++) {
        generation();
        found = oracle.check(disk, options, closedInOrder && !ledgerChanged ? settled : Set.of());
        checkBroughtBack();
        states++;
      }
    } catch (AssertionError | RuntimeException violation) {
      throw new AssertionError(
          "seed %d%s: %s after%s".formatted(seed, kind(), violation, trace), violation);
    }
    return states;
  }

  /** A fault may cost what is retained; and one that was there before may be there again. */
  private void checkBroughtBack() {
    if (ledgers != null && !withFaults) {
      UUID next = new UUID(1, ledgers.nextInt(4));
      broughtBack +=
          oracle.checkBroughtBack(disk, options, next, committed.getOrDefault(next, Set.of()));
    }
  }

  private void changeLedger(Random random) {
    UUID next = new UUID(1, random.nextInt(3));
    ledgerChanged |= !next.equals(ledger);
    trace.append(" ledger").append(next.getLeastSignificantBits());
    ledger = next;
    processes.forEach(process -> process.deliveringTo(next));
  }

  private String kind() {
    return (withFaults ? " with faults" : "")
        + (forcing == null ? "" : " overlapped")
        + (ledgers == null ? "" : " retaining");
  }

  /** Records that were dropped to make room. */
  long dropped() {
    return oracle.dropped();
  }

  /** Records that were delivered once more, when all was delivered to another ledger. */
  long broughtBack() {
    return broughtBack;
  }

  private void generation() {
    trace = new StringBuilder();
    clock = new ManualClock();
    processes.clear();
    waiters.clear();
    unsettledDead.clear();
    handedOut.clear();
    settled.clear();
    closedInOrder = false;
    exact = found.whole() && !ledgerChanged;
    int operations = 10 + random.nextInt(80);
    if (random.nextInt(4) > 0) {
      disk.crashAt(disk.calls() + 1 + random.nextInt(8 * operations));
    }
    if (withFaults) {
      planFaults(4 * operations);
    }
    try {
      open();
      for (int i = 0; i < operations && !processes.isEmpty(); i++) {
        operation(processes.get(random.nextInt(processes.size())));
      }
      end();
    } catch (SimulatedCrash crash) {
      trace.append(" CRASH");
      processes.forEach(oracle::dropped);
      noteDurable();
      disk = disk.afterPowerCut();
    }
  }

  /** Single calls that fail, rows of calls, and a disk that is full for a while. */
  private void planFaults(int calls) {
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      SimulatedDisk.Fault[] kinds = SimulatedDisk.Fault.values();
      SimulatedDisk.Fault kind = kinds[random.nextInt(kinds.length)];
      long at = disk.calls() + 1 + random.nextInt(calls);
      int row = random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 1;
      for (int j = 0; j < row; j++) {
        disk.failAt(at + j, kind);
      }
    }
    disk.setCapacity(random.nextInt(4) == 0 ? random.nextInt(10_000) : Long.MAX_VALUE);
  }

  /** The generation has lived to its last operation. */
  private void end() {
    int dice = random.nextInt(3);
    trace.append(dice == 0 ? " close" : dice == 1 ? " kill" : " cut");
    if (dice == 0) {
      long faults = disk.faultsHit();
      processes.forEach(SimulatedProcess::close);
      processes.forEach(oracle::dropped);
      // What could not be noted at the end comes again.
      closedInOrder = disk.faultsHit() == faults && disk.freeBytes() == Long.MAX_VALUE;
    }
    noteDurable();
    disk = dice == 2 ? disk.afterPowerCut() : disk.afterKill();
  }

  private void operation(SimulatedProcess process) {
    int dice = random.nextInt(100);
    if (dice < 28) {
      append(process);
    } else if (dice < 55) {
      step(process);
    } else if (dice < 72) {
      next(process);
    } else if (dice < 88) {
      acknowledge(process);
    } else if (dice < 91) {
      deadLetter(process);
    } else if (dice < 93) {
      trace.append(" rewind");
      process.rewind();
    } else if (dice < 98) {
      int millis = random.nextInt(4) == 0 ? 31_000 : random.nextInt(300);
      trace.append(" +").append(millis);
      clock.advance(Duration.ofMillis(millis));
      disk.setCapacity(Long.MAX_VALUE);
    } else {
      another();
    }
    if (ledgers != null && ledgers.nextInt(30) == 0) {
      changeLedger(ledgers);
      exact &= !ledgerChanged;
    }
    processes.forEach(this::checkFigures);
  }

  private void append(SimulatedProcess process) {
    byte[] body = new byte[random.nextInt(20) == 0 ? random.nextInt(3_000) : random.nextInt(120)];
    random.nextBytes(body);
    CompletableFuture<Void> durable = random.nextInt(3) == 0 ? new CompletableFuture<>() : null;
    if (process.append(body, durable) instanceof Appended appended) {
      Identity id = new Identity(process.stream(), appended.seq());
      trace.append(durable == null ? " a" : " A").append(appended.seq());
      oracle.accepted(id, body);
      if (durable != null) {
        waiters.add(new ForceWaiter(id, durable));
      }
    } else {
      trace.append(" refused");
    }
  }

  private void step(SimulatedProcess process) {
    trace.append(" step");
    process.step();
    oracle.dropped(process);
    noteDurable();
    for (Dead dead : List.copyOf(unsettledDead)) {
      if (dead.process == process && !withFaults) {
        oracle.setAside(dead.id);
        unsettledDead.remove(dead);
      }
    }
  }

  private void noteDurable() {
    for (ForceWaiter waiter : waiters) {
      if (waiter.durable.isDone() && !waiter.durable.isCompletedExceptionally()) {
        oracle.durable(waiter.id);
      }
    }
    waiters.removeIf(waiter -> waiter.durable.isDone());
  }

  private void next(SimulatedProcess process) {
    JournalRecord next = process.next();
    if (next != null) {
      trace.append(" n").append(next.seq());
      oracle.checkHandedOut(next);
      if (!ledgerChanged) {
        handedOut.computeIfAbsent(process, first -> new HandedOut()).check(next);
      }
    }
  }

  private @Nullable JournalRecord pick(SimulatedProcess process) {
    List<JournalRecord> out = process.out();
    if (out.isEmpty()) {
      return null;
    }
    return out.get(random.nextInt(3) == 0 ? random.nextInt(out.size()) : 0);
  }

  private void acknowledge(SimulatedProcess process) {
    JournalRecord delivered = pick(process);
    if (delivered != null) {
      trace.append(" ack").append(delivered.seq());
      oracle.acknowledged(Identity.of(delivered));
      settled.add(Identity.of(delivered));
      committed.computeIfAbsent(ledger, first -> new HashSet<>()).add(Identity.of(delivered));
      process.acknowledge(delivered);
    }
  }

  private void deadLetter(SimulatedProcess process) {
    JournalRecord refused = pick(process);
    if (refused != null) {
      trace.append(" dead").append(refused.seq());
      oracle.dead(Identity.of(refused));
      unsettledDead.add(new Dead(process, Identity.of(refused)));
      process.deadLetter(refused, CrashOracle.REASON);
    }
  }

  /** A second process comes, or goes. */
  private void another() {
    exact = false;
    if (processes.size() < 2) {
      open();
      return;
    }
    SimulatedProcess gone = processes.remove(random.nextInt(processes.size()));
    unsettledDead.removeIf(dead -> dead.process == gone);
    if (random.nextBoolean()) {
      trace.append(" closeOne");
      long faults = disk.faultsHit();
      gone.close();
      if (disk.faultsHit() > faults || disk.freeBytes() < Long.MAX_VALUE) {
        settled.clear();
      }
      oracle.dropped(gone);
    } else {
      trace.append(" killOne");
      settled.clear();
      gone.kill();
    }
    noteDurable();
  }

  private void open() {
    trace.append(" open");
    SimulatedProcess process = new SimulatedProcess(disk, options, clock, bug, syncer());
    long faults = disk.faultsHit();
    try {
      process.open();
      exact &= disk.faultsHit() == faults;
    } catch (IOException | RuntimeException failed) {
      if (!withFaults) {
        throw new AssertionError("opening failed", failed);
      }
      trace.append("Failed");
      process.kill();
      return;
    }
    processes.add(process);
    if (ledgers != null) {
      process.deliveringTo(ledger);
    }
  }

  private Syncer syncer() {
    return forcing == null ? new SimulatedSyncer() : new SimulatedSyncer(forcing);
  }

  /**
   * The loss equation at every moment. What is pending is known exactly, if nothing failed while
   * the journal was opened: what cannot be read then is in no count, and acknowledgements that
   * cannot be read are as if there were none.
   */
  private void checkFigures(SimulatedProcess process) {
    JournalFigures figures = process.figures();
    long pending = figures.pending();
    if (pending < process.out().size()) {
      throw new AssertionError("pending " + pending + " < handed out " + process.out().size());
    }
    long settled = figures.acknowledged() + figures.deadLettered() + figures.dropped();
    if (figures.appended() != settled + pending) {
      throw new AssertionError("the loss equation: " + figures);
    }
    long expected = found.records() + process.appended() - settled;
    if (exact && pending != expected) {
      throw new AssertionError("pending " + pending + ", expected " + expected);
    }
  }
}
