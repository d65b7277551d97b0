package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.fail;

import io.billingsdk.internal.journal.EventJournal.Append;
import io.billingsdk.internal.journal.EventJournal.Appended;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One random run of a journal beside a model that is too simple to be wrong. */
final class JournalModelRun {
  private enum EventFate {
    WAITING,
    OUT,
    ACKNOWLEDGED,
    DEAD
  }

  /** A record as the model sees it. */
  private static final class ModelEvent {
    private final long seq;
    private final int bytes;
    private EventFate state = EventFate.WAITING;
    private @Nullable JournalRecord handedOut;

    ModelEvent(long seq, int bytes) {
      this.seq = seq;
      this.bytes = bytes;
    }
  }

  private final JournalContract contract;
  private final long seed;
  private final Random random;
  private final long bound;
  private final EventJournal journal;
  private final List<ModelEvent> entries = new ArrayList<>();
  private long highestHandedOut;
  private boolean closed;
  private String trace = "";

  JournalModelRun(JournalContract contract, long seed) {
    this.contract = contract;
    this.seed = seed;
    this.random = new Random(seed);
    this.bound = contract.randomBound(random);
    this.journal = contract.open(bound);
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      step();
      checkFigures();
      checkMark();
    }
  }

  private void step() {
    int dice = random.nextInt(100);
    if (dice < 35) {
      append();
    } else if (dice < 65) {
      next();
    } else if (dice < 80) {
      settle(EventFate.ACKNOWLEDGED, pick(EventFate.OUT));
    } else if (dice < 86) {
      settle(EventFate.DEAD, pick(EventFate.OUT));
    } else if (dice < 92) {
      settleAgain();
    } else if (dice < 99) {
      rewind();
    } else {
      trace += " close";
      journal.close();
      closed = true;
    }
  }

  private void append() {
    int bytes = random.nextInt(300);
    trace += " append" + bytes;
    Append expected;
    if (closed) {
      expected = new EventJournal.Closed();
    } else if (heldBytes() + contract.cost(bytes) > bound) {
      expected = new EventJournal.Full(bound, contract.cost(bytes) <= bound);
    } else {
      ModelEvent entry = new ModelEvent(entries.size() + 1L, bytes);
      entries.add(entry);
      expected = new Appended(entry.seq);
    }
    check("append", expected, journal.append(new byte[bytes]));
  }

  private void next() {
    trace += " next";
    JournalRecord given = journal.next();
    ModelEvent expected = pickFirstWaiting();
    check("next", expected == null ? null : expected.seq, given == null ? null : given.seq());
    if (expected == null || given == null) {
      return;
    }
    check("bytes of the body", expected.bytes, given.body().length);
    if (expected.handedOut == null) {
      check("first hand-outs are in order", highestHandedOut + 1, expected.seq);
      highestHandedOut = expected.seq;
    } else {
      check("the same object each time", expected.handedOut, given);
    }
    expected.handedOut = given;
    expected.state = EventFate.OUT;
  }

  private void rewind() {
    trace += " rewind";
    journal.rewind();
    for (ModelEvent entry : entries) {
      entry.state = entry.state == EventFate.OUT ? EventFate.WAITING : entry.state;
    }
  }

  private void settle(EventFate how, @Nullable ModelEvent entry) {
    if (entry != null && entry.handedOut != null) {
      trace += " " + how + entry.seq;
      give(how, entry.handedOut);
      entry.state = how;
    }
  }

  /** Of a record that is not handed out now: a late or repeated answer, which changes nothing. */
  private void settleAgain() {
    ModelEvent entry = pick(EventFate.values()[random.nextInt(EventFate.values().length)]);
    if (entry != null && entry.handedOut != null && entry.state != EventFate.OUT) {
      trace += " again" + entry.seq;
      give(random.nextBoolean() ? EventFate.ACKNOWLEDGED : EventFate.DEAD, entry.handedOut);
    }
  }

  private void give(EventFate how, JournalRecord settled) {
    if (how == EventFate.ACKNOWLEDGED) {
      journal.acknowledge(settled);
    } else {
      journal.deadLetter(settled, "refused");
    }
  }

  private void checkFigures() {
    long pending = count(EventFate.WAITING) + count(EventFate.OUT);
    JournalFigures expected =
        JournalFigures.inMemory(
            entries.size(),
            count(EventFate.ACKNOWLEDGED),
            pending,
            count(EventFate.DEAD),
            0,
            heldBytes());
    JournalFigures figures = journal.figures();
    check("figures", contract.comparable(expected), contract.comparable(figures));
    check(
        "the loss equation",
        figures.appended(),
        figures.acknowledged() + figures.pending() + figures.deadLettered() + figures.dropped());
  }

  private void checkMark() {
    check("mark", (long) entries.size(), journal.mark());
    long mark = random.nextInt(entries.size() + 1);
    boolean settled =
        entries.stream()
            .filter(e -> e.seq <= mark)
            .noneMatch(e -> e.state == EventFate.WAITING || e.state == EventFate.OUT);
    check("settled up to " + mark, settled, journal.settledUpTo(mark));
  }

  private long heldBytes() {
    return entries.stream()
        .filter(e -> e.state != EventFate.ACKNOWLEDGED)
        .mapToLong(e -> contract.cost(e.bytes))
        .sum();
  }

  private long count(EventFate state) {
    return entries.stream().filter(e -> e.state == state).count();
  }

  private @Nullable ModelEvent pick(EventFate state) {
    List<ModelEvent> candidates = entries.stream().filter(e -> e.state == state).toList();
    return candidates.isEmpty() ? null : candidates.get(random.nextInt(candidates.size()));
  }

  private @Nullable ModelEvent pickFirstWaiting() {
    return entries.stream().filter(e -> e.state == EventFate.WAITING).findFirst().orElse(null);
  }

  private void check(String what, @Nullable Object expected, @Nullable Object found) {
    if (!Objects.equals(expected, found)) {
      fail("seed %d: %s: expected %s, found %s after%s", seed, what, expected, found, trace);
    }
  }
}
