package io.billingsdk.internal.journal;

import io.billingsdk.internal.time.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** What was promised to the callers of a journal, and whether a disk keeps it. */
final class CrashOracle {
  static final String REASON = "refused";

  private final Map<Identity, byte[]> accepted = new HashMap<>();
  private final Set<Identity> durable = new HashSet<>();
  private final Set<Identity> acknowledged = new HashSet<>();
  private final Set<Identity> dead = new HashSet<>();

  /** Given up to make room, as was chosen. */
  private final Set<Identity> dropped = new HashSet<>();

  /** Dead letters that the journal has had the time to set aside. */
  private final Set<Identity> setAside = new HashSet<>();

  /** The identity of a record. */
  record Identity(UUID stream, long seq) {
    static Identity of(JournalRecord given) {
      return new Identity(given.stream(), given.seq());
    }
  }

  void accepted(Identity id, byte[] body) {
    if (accepted.put(id, body) != null) {
      throw new AssertionError("identity given twice: " + id);
    }
  }

  void durable(Identity id) {
    durable.add(id);
  }

  void acknowledged(Identity id) {
    acknowledged.add(id);
  }

  void dead(Identity id) {
    dead.add(id);
  }

  /**
   * What a process says that it has dropped: nothing that it was never given, that is handed out,
   * and no other number of records than it counts.
   */
  void dropped(SimulatedProcess process) {
    long named = 0;
    for (DroppedRange range : process.droppedRanges()) {
      for (long seq = range.first(); seq <= range.last(); seq++) {
        Identity id = new Identity(range.stream(), seq);
        if (!accepted.containsKey(id)) {
          throw new AssertionError("dropped and never accepted: " + id);
        }
        dropped.add(id);
        named++;
      }
    }
    if (named != process.dropped()) {
      throw new AssertionError("dropped " + process.dropped() + ", named " + named);
    }
    for (JournalRecord out : process.out()) {
      if (dropped.contains(Identity.of(out)) && process.hasDropped(out)) {
        throw new AssertionError("dropped while it is handed out: " + out);
      }
    }
  }

  /** Records that were dropped at some time. */
  long dropped() {
    return dropped.size();
  }

  void setAside(Identity id) {
    setAside.add(id);
  }

  /** Every record that is handed out must be one that was accepted, with its bytes. */
  void checkHandedOut(JournalRecord given) {
    byte[] body = accepted.get(Identity.of(given));
    if (body == null) {
      throw new AssertionError("handed out and never accepted: " + given);
    }
    if (!Arrays.equals(body, given.body())) {
      throw new AssertionError("other bytes than were accepted: " + given);
    }
  }

  /**
   * What a process that recovers everything from a copy of the disk finds; whole when none of the
   * records that the segments count is missing.
   */
  record FoundEvents(long records, boolean whole) {}

  /**
   * Recovers everything from a copy of a disk and compares.
   *
   * @param settled what must not come again, since the journal was closed in order
   */
  FoundEvents check(SimulatedDisk disk, JournalOptions options, Set<Identity> settled) {
    SimulatedDisk copy = disk.afterKill();
    SimulatedProcess process =
        new SimulatedProcess(copy, options.dropOldest(false), new ManualClock());
    open(process);
    long atOpen = process.recovered();
    Set<Identity> found = new HashSet<>();
    Map<UUID, Long> last = new HashMap<>();
    long records = 0;
    for (int idle = 0; idle < 2; idle++) {
      process.settleDown();
      for (JournalRecord r = process.next(); r != null; r = nextOf(process)) {
        idle = 0;
        records++;
        checkHandedOut(r);
        if (!found.add(Identity.of(r))) {
          throw new AssertionError("handed out twice: " + r);
        }
        if (last.merge(r.stream(), r.seq(), Math::max) > r.seq()) {
          throw new AssertionError("out of order: " + r);
        }
        process.acknowledge(r);
      }
      process.advance(Duration.ofSeconds(31));
    }
    checkNothingLost(found, copy);
    for (Identity id : settled) {
      if (found.contains(id)) {
        throw new AssertionError("settled, closed in order, and handed out again: " + id);
      }
    }
    checkEmpty(process, copy, records);
    return new FoundEvents(records, atOpen == records);
  }

  /**
   * Delivers everything from a copy of a disk to a ledger, and compares: what was durable is in it
   * then, whatever other ledger it was delivered to before.
   *
   * @param has what that ledger has already
   * @return how many records came that were settled before
   */
  long checkBroughtBack(
      SimulatedDisk disk, JournalOptions options, UUID ledger, Set<Identity> has) {
    SimulatedProcess process = new SimulatedProcess(disk.afterKill(), options, new ManualClock());
    open(process);
    process.deliveringTo(ledger);
    Set<Identity> delivered = new HashSet<>(has);
    long again = 0;
    for (int idle = 0; idle < 4; idle++) {
      process.settleDown();
      for (JournalRecord r = process.next(); r != null; r = nextOf(process)) {
        idle = 0;
        checkHandedOut(r);
        again += acknowledged.contains(Identity.of(r)) ? 1 : 0;
        delivered.add(Identity.of(r));
        process.acknowledge(r);
      }
      process.advance(Duration.ofSeconds(31));
    }
    List<Identity> missing =
        durable.stream()
            .filter(id -> !delivered.contains(id) && !dead.contains(id) && !dropped.contains(id))
            .toList();
    if (!missing.isEmpty()) {
      throw new AssertionError("delivered to another ledger and not brought back: " + missing);
    }
    JournalFigures figures = process.figures();
    if (figures.pending() != 0 || figures.appended() != figures.acknowledged()) {
      throw new AssertionError("the loss equation, all brought back: " + figures);
    }
    process.close();
    return again;
  }

  private static @org.jspecify.annotations.Nullable JournalRecord nextOf(SimulatedProcess process) {
    JournalRecord next = process.next();
    if (next == null) {
      process.settleDown();
      next = process.next();
    }
    return next;
  }

  private static void open(SimulatedProcess process) {
    try {
      process.open();
    } catch (IOException | RuntimeException failed) {
      throw new AssertionError("opening failed because of what was on the disk", failed);
    }
  }

  private void checkNothingLost(Set<Identity> found, SimulatedDisk disk) {
    List<Identity> lost = new ArrayList<>();
    for (Identity id : durable) {
      boolean settled = acknowledged.contains(id) || dead.contains(id) || dropped.contains(id);
      if (!settled && !found.contains(id)) {
        lost.add(id);
      }
    }
    if (!lost.isEmpty()) {
      throw new AssertionError("durable and lost: " + lost);
    }
    for (Identity id : dead) {
      boolean owed = durable.contains(id) || setAside.contains(id);
      boolean settled = acknowledged.contains(id) || dropped.contains(id);
      if (owed && !settled && !found.contains(id) && !isSetAside(id, disk)) {
        throw new AssertionError("dead letter lost: " + id);
      }
    }
  }

  private boolean isSetAside(Identity id, SimulatedDisk disk) {
    byte[] reason = (REASON + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] body = Objects.requireNonNull(accepted.get(id));
    byte[] expected = Arrays.copyOf(reason, reason.length + body.length);
    System.arraycopy(body, 0, expected, reason.length, body.length);
    String name = String.format(Locale.ROOT, "/dead/%s-%020d", id.stream(), id.seq());
    return disk.paths(".event").stream()
        .filter(path -> path.contains(name))
        .anyMatch(path -> Arrays.equals(disk.content(path), expected));
  }

  private static void checkEmpty(SimulatedProcess process, SimulatedDisk disk, long records) {
    if (process.recovered() != records || process.pending() != 0) {
      throw new AssertionError(
          "recovered %d, handed out %d, pending %d"
              .formatted(process.recovered(), records, process.pending()));
    }
    if (!process.settledUpTo(process.appended())) {
      throw new AssertionError("not settled, and nothing is left");
    }
    process.close();
    List<String> left =
        disk.paths(".wal").stream().filter(path -> !path.contains("/retained/")).toList();
    if (!left.isEmpty()) {
      throw new AssertionError("all is settled, and segments remain: " + left);
    }
  }
}
